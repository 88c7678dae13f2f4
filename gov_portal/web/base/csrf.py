"""Refuse forms that were not opened on this site."""

from flask import Flask
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]

TOKEN_LIFE_S = 12 * 3600


def register_csrf(app: Flask) -> None:
    """Check the token of every request that may change something; ``problems`` answers what fails."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", TOKEN_LIFE_S)
    CSRFProtect(app)


__all__ = ["CSRFError", "register_csrf"]
