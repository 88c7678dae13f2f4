"""Send files of a case: shown in the page, never run, never kept by a shared cache."""

from flask import Response

from gov_portal.web.base.headers import may_be_framed

_SHOWN = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def send(content: bytes, media_type: str, *, name: str) -> Response:
    """Return a file; what a browser cannot safely show is downloaded.

    Args:
        content: the plain bytes.
        media_type: as found when it was stored.
        name: ASCII name without ending.
    """
    may_be_framed()
    ending = _SHOWN.get(media_type)
    response = Response(content, content_type=media_type if ending else "application/octet-stream")
    way = "inline" if ending else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{name}.{ending or "bin"}"'
    return response
