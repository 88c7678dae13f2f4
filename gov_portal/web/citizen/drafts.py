"""Begin an application for oneself or a ward, then fill, check and submit it."""

from collections.abc import Iterable
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, ItemId, LicenceId
from gov_portal.kernel.principal import Citizen
from gov_portal.web.base import drafts
from gov_portal.web.base.access import current_citizen, requires, session_token
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, as_uuid, attempt
from gov_portal.web.base.labels import licence_name
from gov_portal.web.base.regions import chosen_region, place_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, day, own_words
from gov_portal.web.citizen.account import SELF, as_ward, is_whom
from gov_portal.web.citizen.own import own
from identity.domain.values import WardView
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.ports import HeldLicence
from workflows.services.subjects import RenewalNotOpen, SubjectBusy
from workflows.views import CaseRow


@requires(Permission.APPLY)
def start(item: str) -> ResponseReturnValue:
    """Ask for whom, then begin the draft or go on with the open one (开始)."""
    citizen, place = current_citizen(), place_of(ItemId(item))
    definition = services().cases.item(ItemId(item), region=place.region)
    wards = services().identity.wards(citizen.person) if "ward" in definition.facts.acting_for else ()
    faults = NO_FAULTS
    if request.method == "POST":
        chosen = request.form.get("for_whom", "" if wards else SELF)
        if is_whom(chosen):
            who = services().identity.act_for(session_token(), ward=as_ward(chosen))
            is_again = request.form.get("act") == "again"
            begun = attempt(lambda: _begin(item, by=who, again=is_again), also=(SubjectBusy, RenewalNotOpen))
            if not isinstance(begun, Faults):
                return redirect(url_for("citizen.resume", case=begun), 303)
            faults, citizen = begun, who
        else:
            faults = Faults.single("for_whom", _("请选择为谁办理"))
    subjects = services().cases.subjects(definition, by=citizen) if definition.start.about else ()
    page = render_template(
        "citizen/start.html",
        item=definition,
        place=place,
        wards=wards,
        may_act_for_ward="ward" in definition.facts.acting_for,
        for_whom=_whom(wards, faults),
        about=_about(definition, subjects, faults),
        draft=_open_draft(item),
        faults=faults,
    )
    return page, 422 if faults else 200


def _whom(wards: Iterable[WardView], faults: Faults) -> Input:
    acting_for = current_citizen().acting_for
    options = [(SELF, _("我自己"))]
    options += [
        (
            str(ward.person),
            _("{name}（{number}）", name=own_words(ward.name or ward.name_masked), number=ward.id_no_masked),
        )
        for ward in wards
    ]
    return Input(
        "for_whom", _("为谁办理？"), "radios", str(acting_for or SELF), faults.of("for_whom"), options=tuple(options)
    )


def _begin(item: str, *, by: Citizen, again: bool) -> CaseId:
    about = as_uuid(request.form.get("about", request.args.get("about", "")))
    licence = LicenceId(about) if about else None
    return services().cases.begin(ItemId(item), by=by, again=again, about=licence, region=chosen_region())


def _about(item: Definition, subjects: Iterable[HeldLicence], faults: Faults) -> Input | None:
    """Ask which licence it is about (变更 换证 延续 注销), where the item is about one."""
    if item.start.about is None:
        return None
    options = tuple((str(one.licence), _held(one)) for one in subjects)
    chosen = request.form.get("about", request.args.get("about", options[0][0] if len(options) == 1 else ""))
    label = _("要办理的{licence}", licence=licence_name(item.start.about.licence))
    return Input("about", label, "radios", chosen, faults.of("about"), options=options)


def _held(held: HeldLicence) -> str:
    if held.valid_until is None:
        return held.number
    return _("{number}（有效期至 {day}）", number=held.number, day=day(held.valid_until))


def _open_draft(item: str) -> CaseRow | None:
    rows = services().cases.my_cases(current_citizen())
    return next((row for row in rows if row.item == item and row.status == "draft"), None)


@requires(Permission.CONDUCT_OWN_CASE)
def resume(case: UUID) -> ResponseReturnValue:
    """Go to the first page that is not complete, or to the check."""
    return drafts.resume(own(), CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def page(case: UUID, page: str) -> ResponseReturnValue:
    """Show one page of the form, or keep what was typed and go on."""
    return drafts.page(own(), CaseId(case), page)


@requires(Permission.CONDUCT_OWN_CASE)
def materials(case: UUID) -> ResponseReturnValue:
    """Ask for the papers that no department could give."""
    return drafts.materials(own(), CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def check(case: UUID) -> ResponseReturnValue:
    """Show every answer once more (核对), or submit."""
    return drafts.check(own(), CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def discard(case: UUID) -> ResponseReturnValue:
    """Delete the draft after one question."""
    return drafts.discard(own(), CaseId(case))
