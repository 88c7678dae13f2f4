"""Show the one-time codes and messages of made-up people, and move the clock; only in the sandbox."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.errors import NotFound
from gov_portal.web.base.access import requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, moment
from identity.permissions import Permission

blueprint = Blueprint("sandbox_desk", __name__, url_prefix="/sandbox", template_folder="templates")

LATEST = 50


def _clock() -> SimulatedClock:
    clock = services().sandbox_clock
    if clock is None:
        raise NotFound
    return clock


@blueprint.get("/messages")
@requires(Permission.VIEW_SANDBOX)
def messages() -> ResponseReturnValue:
    """List the latest messages to anybody, codes included."""
    return _page()


@blueprint.post("/clock")
@requires(Permission.VIEW_SANDBOX)
def advance() -> ResponseReturnValue:
    """Move business time on."""
    clock, spelling = _clock(), request.form.get("by", "").strip()
    moved = attempt(lambda: clock.advance(spelling, calendar=services().calendar))
    if isinstance(moved, Faults):
        return _page(Faults.single("by", moved.items[0].message))
    flash(_("时钟已到 {now}。", now=moment(moved)), "ok")
    return redirect(url_for("sandbox_desk.messages"), 303)


def _page(faults: Faults = NO_FAULTS) -> ResponseReturnValue:
    by = Input(
        "by",
        _("时钟前进"),
        "text",
        request.form.get("by", "1wd"),
        faults.of("by"),
        _("wd 工作日，d 天，h 小时，例如 5wd"),
    )
    shown = services().messages.desk(limit=LATEST)
    page = render_template("sandbox_desk/messages.html", messages=shown, now=_clock().now(), by=by, faults=faults)
    return page, 422 if faults else 200
