"""Bound what a request may bring before anybody looks at it."""

from flask import Flask, abort, request

MAX_UPLOAD_BYTES = 32 * 1024 * 1024
MAX_TEXT_BYTES = 512 * 1024


def _bound() -> None:
    if request.mimetype != "multipart/form-data":
        # Such a body is read in one piece, so only uploads may be large.
        request.max_content_length = min(MAX_TEXT_BYTES, request.max_content_length or MAX_TEXT_BYTES)


def _refuse_nameless_parts() -> None:
    # The multipart reader passes a part without a name on as ``None``, which nobody expects of a name.
    if request.mimetype == "multipart/form-data" and (None in request.form or None in request.files):
        abort(400)


def register_limits(app: Flask) -> None:
    """Bound uploads, text parts and plain bodies; more is answered with 413."""
    app.config["MAX_CONTENT_LENGTH"] = app.config.get("MAX_CONTENT_LENGTH") or MAX_UPLOAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_TEXT_BYTES
    app.before_request(_bound)
    app.before_request(_refuse_nameless_parts)
