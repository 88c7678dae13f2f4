"""Identify whoever stands at the counter by their card, show what is open for them, and end the visit."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.challenge import at_input
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.labels import standing
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.counter.person import CounterFront, before
from gov_portal.web.officer.counter.words import PURPOSES
from identity.domain.errors import (
    GuardianshipUnavailable,
    ProofingUnavailable,
    TooManyAttempts,
    WardIsSelf,
    WardRefused,
)
from identity.domain.values import VisitForm, VisitPurpose, VisitView
from identity.permissions import Permission
from workflows.domain.state import Status
from workflows.services.counter import Unsent
from workflows.views import CaseRow

_SHOWN_IN_PLACE = (GuardianshipUnavailable, ProofingUnavailable, TooManyAttempts, WardIsSelf, WardRefused)
_PURPOSES = {purpose.value: purpose for purpose in VisitPurpose}


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """Show one open visit with what was begun at it and not sent."""

    visit: VisitView
    purpose: str
    unsent: tuple[Unsent, ...]


@requires(Permission.ENTER_AT_COUNTER)
def index() -> ResponseReturnValue:
    """List the officer's open visits with their unsent drafts, and how many people must be told something."""
    officer = current_officer()
    visits = services().identity.counter.visits(officer)
    unsent = services().counter.unsent(tuple(visit.id for visit in visits), by=officer)
    return render_template(
        "officer/counter/index.html",
        visits=[
            OpenVisit(visit, _(PURPOSES[visit.purpose]), tuple(one for one in unsent if one.visit == visit.id))
            for visit in visits
        ],
        waiting=len(services().counter.tellings(officer)),
    )


@requires(Permission.ENTER_AT_COUNTER)
def identify() -> ResponseReturnValue:
    """Take name and number from the card, and open the visit when they belong together (核验身份)."""
    faults = NO_FAULTS
    if request.method == "POST":
        purpose = _PURPOSES.get(request.form.get("purpose", ""))
        opened = attempt(
            lambda: services().identity.counter.identify(_form(purpose), by=current_officer()), also=_SHOWN_IN_PLACE
        )
        if not isinstance(opened, Faults):
            return redirect(url_for("officer.counter.home", visit=opened), 303)
        faults = at_input(opened, "id_no")
    page = render_template("officer/counter/identify.html", faults=faults, **_inputs(faults))
    return page, 422 if faults else 200


def _form(purpose: VisitPurpose | None) -> VisitForm:
    typed = request.form
    return VisitForm(
        name=typed.get("name", ""),
        id_no=typed.get("id_no", ""),
        is_card_seen=typed.get("card") == "seen",
        purpose=purpose,
        ward_name=typed.get("ward_name", ""),
        ward_id_no=typed.get("ward_id_no", ""),
    )


def _inputs(faults: Faults) -> dict[str, object]:
    """Return the inputs of the form by their names, the purpose first among what is asked."""
    typed = request.form
    texts = {
        "name": (_("姓名"), _("照证件上的字填写"), True),
        "id_no": (_("身份证号"), _("18 位，可以有空格"), True),
        "ward_name": (_("被监护人的姓名"), "", False),
        "ward_id_no": (_("被监护人的身份证号"), "", False),
    }
    inputs: dict[str, object] = {
        name: Input(name, label, "text", typed.get(name, ""), faults.of(name), hint, is_required=is_required)
        for name, (label, hint, is_required) in texts.items()
    }
    purposes = tuple((purpose.value, _(words)) for purpose, words in PURPOSES.items())
    chosen = typed.get("purpose", VisitPurpose.ENTRY.value if request.method == "GET" else "")
    inputs["purpose"] = Input("purpose", _("来办什么？"), "radios", chosen, faults.of("purpose"), options=purposes)
    inputs["card"] = Input(
        "card",
        _("证件"),
        "checkboxes",
        ("seen",) if typed.get("card") == "seen" else (),
        faults.of("card"),
        options=(("seen", _("我已看过证件原件，照片就是本人")),),
    )
    return inputs


@requires(Permission.ENTER_AT_COUNTER)
def home(visit: UUID) -> ResponseReturnValue:
    """Show what may be done for the person: new entries, drafts, and how far cases are."""
    front = before(visit)
    rows, pinned = services().cases.my_cases(front.by), services().cases.pinned
    begun = {one.case for one in services().counter.unsent((visit,), by=current_officer())}
    return front.render(
        "visit.html",
        visit=front.visit,
        purpose=_(PURPOSES[front.visit.purpose]),
        is_entry=front.visit.purpose is VisitPurpose.ENTRY,
        items=services().counter.items(by=current_officer()),
        drafts=[(row, _way(front, row, is_begun=row.case in begun)) for row in rows if row.status is Status.DRAFT],
        cases=[(row, standing(row, pinned(row.pinned))) for row in rows if row.status is not Status.DRAFT],
    )


def _way(front: CounterFront, row: CaseRow, *, is_begun: bool) -> str:
    """Return where a draft goes on; one that was not begun at this visit asks for consent first."""
    return front.url("resume", case=row.case) if is_begun else front.url("item", item=row.item)


@requires(Permission.ENTER_AT_COUNTER)
def end(visit: UUID) -> ResponseReturnValue:
    """End the visit when the person leaves."""
    services().identity.counter.end(visit, by=current_officer())
    flash(_("这次核身已结束。"), "ok")
    return redirect(url_for("officer.counter.index"), 303)
