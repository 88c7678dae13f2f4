"""Say at which unit an officer works now, let them change it, and let colleagues stand in (代理)."""

from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Officer
from gov_portal.web.base.access import current_officer, principal, requires, session_token
from gov_portal.web.base.forms import NO_FAULTS, Fault, Faults, Input, as_uuid, attempt, day_input, day_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from gov_portal.web.officer.keyboard import has_shortcuts, keys
from gov_portal.web.officer.parked import parked_here
from identity.domain.values import PostView
from identity.permissions import Permission
from identity.services.absences import AbsenceClash

ROLES = {
    "window": phrase("窗口受理"),
    "counter": phrase("窗口代录"),
    "checker": phrase("审核"),
    "assessor": phrase("评定"),
    "reviewer": phrase("审查"),
    "leader": phrase("负责人"),
    "operator": phrase("运维"),
}
_DAYS = {"first": phrase("从哪一天起"), "last": phrase("到哪一天止（含当天）")}


def desk_header() -> dict[str, object]:
    """Return what the head of every page of the desk says: the unit, the roles, the other units."""
    officer = principal()
    if not isinstance(officer, Officer):
        return {}
    posts = services().identity.posts(officer.officer)
    here = next((post for post in posts if (post.unit.org, post.unit.region) == (officer.org, officer.region)), None)
    return {
        "unit_here": here.unit if here else None,
        "roles_here": _("、").join(_(ROLES.get(role, role)) for role in sorted(officer.roles)),
        "other_posts": [post for post in posts if post is not here],
        "covers_here": len(officer.covers),
        "held_here": services().held.mine(officer),
        "parked_here": parked_here(officer),
        "has_shortcuts": has_shortcuts(),
        "keys": keys,
    }


def roles_of(post: PostView) -> str:
    """Return the names of the roles of a post."""
    return _("、").join(_(ROLES.get(role, role)) for role in sorted(post.roles))


@requires(Permission.VIEW_QUEUE)
def units() -> ResponseReturnValue:
    """Offer the units where the officer holds posts."""
    posts = services().identity.posts(current_officer().officer)
    return render_template("officer/units.html", posts=[(post, roles_of(post)) for post in posts], me=current_officer())


@requires(Permission.VIEW_QUEUE)
def switch_unit() -> ResponseReturnValue:
    """Work at another unit from now on; the session keeps it."""
    chosen = request.form.get("unit", "")
    org, _bar, region = chosen.partition("|") if chosen.isprintable() else ("", "", "")
    services().identity.switch_unit(session_token(), org=org, region=region)
    flash(_("已切换单位。"), "ok")
    return redirect(url_for("officer.queue", all=1), 303)


@requires(Permission.VIEW_QUEUE)
def absences() -> ResponseReturnValue:
    """Show who is absent from the unit and who stands in; let an absence be entered."""
    return _absences(NO_FAULTS)


@requires(Permission.VIEW_QUEUE)
def enter_absence() -> ResponseReturnValue:
    """Enter an absence, one's own or, as leader, a colleague's."""
    officer, form = current_officer(), request.form
    absent = as_uuid(form.get("absent", "")) or officer.officer
    deputy, first, last = as_uuid(form.get("deputy", "")), day_of("first", form), day_of("last", form)
    if deputy is None or first is None or last is None:
        faults = [] if deputy else [Fault("deputy", _("请选择由谁代理"))]
        asked = zip(_days(), (first, last), (_("请填写从哪一天起"), _("请填写到哪一天止")), strict=True)
        faults += [Fault(one.path, one.error or missing) for one, day, missing in asked if day is None]
        return _absences(Faults(tuple(faults)))
    enter = services().identity.absences.enter
    done = attempt(
        lambda: enter(OfficerId(absent), deputy=OfficerId(deputy), first_on=first, last_on=last, by=officer),
        also=(AbsenceClash,),
    )
    if isinstance(done, Faults):
        return _absences(done)
    flash(_("已登记。到时代理人可以看到并办理这些待办。"), "ok")
    return redirect(url_for("officer.absences"), 303)


@requires(Permission.VIEW_QUEUE)
def end_absence(absence: UUID) -> ResponseReturnValue:
    """End an absence at once."""
    services().identity.absences.end(absence, by=current_officer())
    flash(_("代理已结束。"), "ok")
    return redirect(url_for("officer.absences"), 303)


def _days() -> list[Input]:
    return [day_input(name, _(label), request.form) for name, label in _DAYS.items()]


def _absences(faults: Faults) -> ResponseReturnValue:
    officer = current_officer()
    page = render_template(
        "officer/absences.html",
        me=officer,
        colleagues=services().identity.absences.colleagues(officer),
        absences=services().identity.absences.absences(officer),
        typed=request.form,
        days=[replace(one, error=faults.of(one.path)) for one in _days()],
        faults=faults,
        is_leader=officer.rank == "leader",
    )
    return page, 422 if faults else 200
