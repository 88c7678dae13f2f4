"""Tell programs from people: what lies below ``/api/v1/`` is asked for by programs, with or without a bearer token."""

from flask import has_request_context, request

from gov_portal.web.base.present import present_request

BELOW = "/api/v1/"
_SCHEME = "bearer"
_CONTAINERS = ("answers", "fields")
"""Members of a body whose keys are paths of fields, dots and all."""


def is_program() -> bool:
    """Tell whether a program sent this request; the reference at ``/api`` is pages."""
    return has_request_context() and present_request().path.startswith(BELOW)


def bearer_token() -> str:
    """Return the token of the ``Authorization`` header; empty without one. Cookies open nothing for programs."""
    scheme, _, token = present_request().headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else ""


def has_credentials() -> bool:
    """Tell whether the request carries credentials of any kind."""
    return "Authorization" in request.headers


def pointer_to(field: str, *, is_nested: bool) -> str:
    """Return the JSON pointer (RFC 6901) of what a fault is about, in the body of this request."""
    if is_nested:
        return "#/" + field.replace(".", "/")
    body = request.get_json(silent=True) if request.is_json else None
    within = next((one for one in _CONTAINERS if isinstance(body, dict) and isinstance(body.get(one), dict)), "")
    return "/".join(filter(None, ("#", within, field)))
