"""Show to whom a case belongs how far it is (办理进度), its receipt and its papers."""

from flask import Response, redirect
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.downloads import send
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.labels import INSTANT, PHASES, standing
from gov_portal.web.base.letters import ON_A_CASE, applicants_form, note_seen
from gov_portal.web.base.parts import cases_of, due, later_than, one_history, part_lines
from gov_portal.web.base.rating import rated
from gov_portal.web.base.rating_words import LEVELS
from gov_portal.web.base.reasons import failed_words
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from workflows.domain.definition import Definition, HumanStep, PayStep
from workflows.domain.state import Status
from workflows.dsl.picture import Marking, flow_picture
from workflows.services.desk import one_look
from workflows.views import CaseView, Holder

SVG = "image/svg+xml"

LOOK_AGAIN_S = "1"
"""After how many seconds the page of an instant item looks again."""


def receipt(front: Front, case: CaseId) -> ResponseReturnValue:
    """Show the receipt (收件回执): number, what happens next, promised days."""
    view = services().cases.view(case, by=front.by)
    if view.status is Status.DRAFT:
        return redirect(front.url("resume", case=case), 303)
    return front.render("receipt.html", case=view, item=services().cases.pinned(view.pinned))


def receipt_paper(front: Front, case: CaseId) -> Response:
    """Send the receipt as a sealed PDF."""
    return send(services().cases.receipt_paper(case, by=front.by), "application/pdf", name=f"receipt-{str(case)[:8]}")


def progress(front: Front, case: CaseId) -> ResponseReturnValue:
    """Show how far a case is, who has it, what was written and said of it, and what may be done."""
    with one_look():
        view = services().cases.view(case, by=front.by)
        if view.status is Status.DRAFT:
            return redirect(front.url("resume", case=case), 303)
        cases, seen = cases_of(front, view), services().correspondence.letters(case, by=front.by, most=ON_A_CASE)
    item = services().cases.pinned(view.pinned)
    is_coming = _is_coming(view, item)
    lines = part_lines(view.parts, cases)
    page = front.render(
        "progress.html",
        case=view,
        item=item,
        standing=standing(view, item),
        holders=[(holder, _who(holder, item)) for holder in view.holders],
        phases=_phases(view, item),
        timeline=one_history(view, item, cases.values()),
        parts=lines,
        later=later_than(view, lines),
        due=due((view, *cases.values())),
        stretches=stretches(view.clock, item) if view.clock else (),
        is_coming=is_coming,
        failed=failed_words(item, view),
        ratings=rated(front, view),
        levels=LEVELS,
        seen=seen,
        **applicants_form(),
    )
    note_seen(front, case, seen)
    # Machines work on it: the page looks again by itself, without a script.
    return (page, {"Refresh": LOOK_AGAIN_S}) if is_coming else page


def _is_coming(view: CaseView, item: Definition) -> bool:
    """Tell whether the result of an instant item comes any moment: machines alone have it."""
    people = (HumanStep, PayStep)
    has_somebody = any(one.organ or isinstance(item.steps.get(one.step), people) for one in view.holders)
    return item.facts.mode == INSTANT and view.status is Status.OPEN and not has_somebody


def flow(front: Front, case: CaseId) -> Response:
    """Send the picture of the flow with how far the case is in it."""
    return flow_of(services().cases.view(case, by=front.by))


def flow_of(view: CaseView) -> Response:
    """Return the picture of the flow with how far a case is in it, in the reader's language."""
    item = services().cases.pinned(view.pinned)
    return Response(flow_picture(item, say=_, marking=marking_of(view, item)), content_type=SVG)


def marking_of(view: CaseView, item: Definition) -> Marking:
    """Return which steps a case has behind it, and which are open."""
    current = frozenset(holder.step for holder in view.holders if holder.step in item.steps)
    begun = [next(iter(item.steps))] if view.submitted_at is not None else []
    done = frozenset([*begun, *(entry.step for entry in view.timeline if entry.step in item.steps)])
    return Marking(done - current, current)


def _who(holder: Holder, item: Definition) -> str:
    """Say in whose hands a step is: an office, the applicant, or a machine."""
    if holder.organ:
        return holder.organ
    is_applicants = isinstance(item.steps.get(holder.step), HumanStep | PayStep)
    return _("您") if is_applicants else _("系统自动办理")


def _phases(view: CaseView, item: Definition) -> list[tuple[str, str]]:
    """Return each phase of the item with ``done``, ``now``, ``coming``, or ``ended`` where it was turned down."""
    present = [phase for phase, _steps in item.flow]
    reached = present.index(view.phase) if view.phase in present else len(present) - 1
    is_over = view.status is Status.CLOSED
    is_refused = is_over and standing(view, item)[1] == "error"
    states = ["done" if place < reached else ("now" if place == reached else "coming") for place in range(len(present))]
    if is_over:
        states[reached] = "ended" if is_refused else "done"
    return [(PHASES[phase], state) for phase, state in zip(present, states, strict=True)]


def file(front: Front, case: CaseId, file: FileId) -> Response:
    """Send one file of the case: an own upload, or a notice."""
    media_type, content = services().cases.file(case, file, by=front.by)
    return send(content, media_type, name=f"file-{str(file)[:8]}")


def licence(front: Front, case: CaseId) -> Response:
    """Send the licence that came out of the case, as PDF."""
    view = services().cases.view(case, by=front.by)
    if view.licence is None:
        raise NotFound
    content = services().licences.pdf(view.licence.licence, by=front.by)
    return send(content, "application/pdf", name=f"licence-{view.licence.verify_code}")
