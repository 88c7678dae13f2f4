"""Serve the style sheet and the switch to large type, and give every page its frame."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gov_portal.documents.pictures import qr_picture
from gov_portal.web.base import access, labels
from gov_portal.web.base.access import requires
from gov_portal.web.base.catalogue import text_of
from gov_portal.web.base.choices import YEAR_S, keep_choice
from gov_portal.web.base.forms import anchor, is_upload
from gov_portal.web.base.gallery import blueprint as gallery
from gov_portal.web.base.language import CHINESE, ENGLISH, LANGUAGE_COOKIE, language
from gov_portal.web.base.look import DISPLAY_COOKIE, THEME_COOKIE, THEMES, choices_of_look, known_theme
from gov_portal.web.base.parts import part_lines
from gov_portal.web.base.services import services
from gov_portal.web.base.text import (
    _,
    clock_time,
    day,
    days_to,
    machine_time,
    moment,
    named,
    own_words,
    time_of_day,
    weekday,
)
from gov_portal.web.base.values import said, said_before
from gov_portal.web.base.ways import safe_way_back
from identity.permissions import Permission

STATIC = Path(__file__).with_name("static")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
blueprint = Blueprint("base", __name__, template_folder="templates")


@lru_cache(maxsize=1)
def assets() -> Mapping[str, bytes]:
    """Return our own files by name: style sheets, scripts and pictures."""
    found = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in MEDIA_TYPES}
    lean = {".css": _lean_sheet, ".js": _lean_script}
    return {name: lean.get(Path(name).suffix, bytes)(content) for name, content in found.items()}


def _lean_script(script: bytes) -> bytes:
    """Return a script without its comment lines and indentation; none of ours has a text over several lines."""
    return re.sub(rb"^(?:[ ]+(?://.*\n)?|//.*\n)", b"", script, flags=re.MULTILINE)


def _lean_sheet(sheet: bytes) -> bytes:
    """Return a style sheet without what only its writers read, so that a page stays within its weight."""
    text = re.sub(r"/\*.*?\*/", "", sheet.decode(), flags=re.DOTALL)
    text = re.sub(r" ?([{};,]) ?", r"\1", re.sub(r"\s+", " ", text)).strip()
    return text.replace(" > ", ">").replace(": ", ":").replace(";}", "}").encode()


@lru_cache
def asset_version(name: str) -> str:
    """Return a mark of a file's content, so that browsers may keep it for good."""
    return hashlib.sha256(assets()[name]).hexdigest()[:10]


def asset_url(name: str) -> str:
    """Return the address of one of our own files."""
    return url_for("base.asset", name=name, v=asset_version(name))


@blueprint.get("/assets/<name>")
@requires(Permission.VIEW_PUBLIC)
def asset(name: str) -> ResponseReturnValue:
    """Serve one of our own files."""
    if name not in assets():
        abort(404)
    keep = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
    return Response(assets()[name], content_type=MEDIA_TYPES[Path(name).suffix], headers=keep)


@blueprint.get("/healthz")
@requires(Permission.VIEW_PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say that the process answers; whether its neighbours do is another question."""
    return {"status": "ok"}


@blueprint.get("/display")
@requires(Permission.VIEW_PUBLIC)
def display() -> ResponseReturnValue:
    """Switch between the standard and the large display (长辈版) and go back."""
    return _remember(DISPLAY_COOKIE, "large" if request.args.get("size") == "large" else "normal")


@blueprint.get("/language")
@requires(Permission.VIEW_PUBLIC)
def choose_language() -> ResponseReturnValue:
    """Switch between Chinese and English and go back."""
    return _remember(LANGUAGE_COOKIE, ENGLISH if request.args.get("to") == ENGLISH else CHINESE)


@blueprint.get("/theme")
@requires(Permission.VIEW_PUBLIC)
def choose_theme() -> ResponseReturnValue:
    """Choose light or dark pages, or leave it to the system, and go back."""
    return _remember(THEME_COOKIE, known_theme(request.args.get("to")))


def _remember(cookie: str, value: str) -> Response:
    response = Response(status=303)
    response.headers["Location"] = safe_way_back(request.args.get("back"), otherwise=url_for("citizen.home"))
    return keep_choice(response, cookie, value)


def _frame() -> dict[str, object]:
    return {
        "principal": access.principal(),
        "is_sandbox": services().is_sandbox,
        "sandbox_now": services().clock.now() if services().is_sandbox else None,
        "is_desk": request.path.startswith("/officer"),
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "language": language(),
        "themes": THEMES,
        "is_writing_paused": services().monitor.heart.is_writing_paused,
        **choices_of_look(),
        "printed_at": services().clock.now(),
    }


_BACK = "back"
"""Name of the parameter that says where a switch of the page's frame leads back to."""


def _address(app: Flask) -> Callable[..., str]:
    """Return ``url_for`` for templates; what is the same on every page is found once below each root.

    So are addresses without values and, but for the way back, the switches that stand on every page.
    """
    known: dict[tuple[object, ...], str] = {}

    def address(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - as Flask takes them
        back = values.pop(_BACK, None)
        if endpoint.startswith(".") or (values and back is None):
            return app.url_for(endpoint, **values)
        place = (request.root_path, endpoint, *values.items())
        if place not in known:
            known[place] = app.url_for(endpoint, **values)
        if back is None:
            return known[place]
        return f"{known[place]}{'&' if values else '?'}{urlencode({_BACK: back}, safe='/:')}"

    return address


def register_base(app: Flask) -> None:
    """Register the blueprint, the filters and what every template may use."""
    app.register_blueprint(blueprint)
    app.register_blueprint(gallery)
    app.context_processor(_frame)
    app.jinja_env.globals.update(_=_, asset_url=asset_url, url_for=_address(app))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters = {
        "day": day,
        "days_to": days_to,
        "weekday": weekday,
        "moment": moment,
        "clock_time": clock_time,
        "time_of_day": time_of_day,
        "machine_time": machine_time,
        "own": own_words,
        "named": named,
        "said": said,
        "said_before": said_before,
        "source_label": labels.source_label,
        "licence_name": labels.licence_name,
        "desk_source_label": labels.desk_source_label,
        "department": labels.department,
        "duration": labels.duration,
        "entered": labels.entered,
        "part_lines": part_lines,
        "why_not": text_of,
        "yuan": labels.yuan,
        "bill_state": labels.bill_state,
        "anchor": anchor,
        "is_upload": lambda view: is_upload(view.type),
        "qr": lambda text: Markup(qr_picture(text)),  # noqa: S704 - our own picture of black squares
    }
    app.jinja_env.filters.update(filters)
