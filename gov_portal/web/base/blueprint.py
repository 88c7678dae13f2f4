"""Serve the style sheet and the switch to large type, and give every page its frame."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base import access, labels
from gov_portal.web.base.access import requires
from gov_portal.web.base.catalogue import text_of
from gov_portal.web.base.forms import anchor, is_upload
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, day, days_to, machine_time, moment, weekday
from gov_portal.web.base.ways import safe_way_back
from identity.permissions import Permission

STATIC = Path(__file__).with_name("static")
ASSETS = {"gov.css": "text/css; charset=utf-8", "stamp.svg": "image/svg+xml"}
DISPLAY_COOKIE = "gov_display"
YEAR_S = 365 * 24 * 3600

blueprint = Blueprint("base", __name__, template_folder="templates")


@lru_cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@lru_cache(maxsize=1)
def css_version() -> str:
    """Return a mark of the style sheet's content, so that browsers may keep it for good."""
    return hashlib.sha256(_content("gov.css")).hexdigest()[:10]


@blueprint.get("/assets/<name>")
@requires(Permission.VIEW_PUBLIC)
def asset(name: str) -> ResponseReturnValue:
    """Serve one of our own files."""
    if name not in ASSETS:
        abort(404)
    keep = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
    return Response(_content(name), content_type=ASSETS[name], headers=keep)


@blueprint.get("/healthz")
@requires(Permission.VIEW_PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say that the process answers; whether its neighbours do is another question."""
    return {"status": "ok"}


@blueprint.get("/display")
@requires(Permission.VIEW_PUBLIC)
def display() -> ResponseReturnValue:
    """Switch between the standard and the large display (长辈版) and go back."""
    back = safe_way_back(request.args.get("back"), otherwise=url_for("citizen.home"))
    response = redirect(back, 303)
    size = "large" if request.args.get("size") == "large" else "normal"
    response.set_cookie(DISPLAY_COOKIE, size, max_age=YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _frame() -> dict[str, object]:
    return {
        "principal": access.principal(),
        "is_large": request.cookies.get(DISPLAY_COOKIE) == "large",
        "is_sandbox": services().is_sandbox,
        "sandbox_now": services().clock.now() if services().is_sandbox else None,
        "is_desk": request.path.startswith("/officer"),
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "css_version": css_version(),
    }


def register_base(app: Flask) -> None:
    """Register the blueprint, the filters and what every template may use."""
    app.register_blueprint(blueprint)
    app.context_processor(_frame)
    app.jinja_env.globals["_"] = _
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters = {
        "day": day,
        "days_to": days_to,
        "weekday": weekday,
        "moment": moment,
        "machine_time": machine_time,
        "source_label": labels.source_label,
        "desk_source_label": labels.desk_source_label,
        "department": labels.department,
        "duration": labels.duration,
        "why_not": text_of,
        "anchor": anchor,
        "is_upload": lambda view: is_upload(view.type),
    }
    app.jinja_env.filters.update(filters)
