"""Bound what a request may bring before anybody looks at it."""

from flask import Flask, Request, abort, request

from gov_portal.web.base.present import present_request

MAX_UPLOAD_BYTES = 32 * 1024 * 1024
MAX_TEXT_BYTES = 512 * 1024
_UPLOAD = "multipart/form-data"


class _Bounded(Request):
    """Bound a body by its kind; looked at only where somebody reads the body."""

    @property
    def max_content_length(self) -> int | None:
        most = super().max_content_length
        # Whatever is not an upload is read in one piece.
        return most if self.mimetype == _UPLOAD else min(MAX_TEXT_BYTES, most or MAX_TEXT_BYTES)

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


def _refuse_nameless_parts() -> None:
    # The multipart reader passes a part without a name on as ``None``, which nobody expects of a name.
    if present_request().mimetype == _UPLOAD and (None in request.form or None in request.files):
        abort(400)


def register_limits(app: Flask) -> None:
    """Bound uploads, text parts and plain bodies; more is answered with 413."""
    app.config["MAX_CONTENT_LENGTH"] = app.config.get("MAX_CONTENT_LENGTH") or MAX_UPLOAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_TEXT_BYTES
    app.request_class = _Bounded
    app.before_request(_refuse_nameless_parts)
