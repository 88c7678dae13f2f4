"""Serve one line by Flask and nothing else: what the server, WSGI and Flask cost by themselves."""

from flask import Flask


def create_app() -> Flask:
    """Return an app with one route."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "bare", endpoint="bare")
    return app
