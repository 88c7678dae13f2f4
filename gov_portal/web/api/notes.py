"""Keep what officers note beside a case: what is in order, acts that can still be undone, phrases for replies."""

from collections.abc import Mapping
from uuid import UUID

from marshmallow import fields

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.web.api import desk_bodies, views
from gov_portal.web.api.desk import command_of
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import answer, listed, made
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.checks import Check, Verdict, WantingReason
from workflows.services.checks import Checks
from workflows.services.held import HeldAct, Wish
from workflows.services.snippets import Snippet
from workflows.views import WorkView

resource = Resource("notes", title=phrase("核对、撤销和常用语"))

NOTE = made(
    "CheckNote",
    target=fields.String(),
    verdict=fields.Enum(Verdict, by_value=True),
    reason=fields.Enum(WantingReason, by_value=True),
    words=fields.String(),
)
CHECKS = made("CheckSheet", notes=views.many(NOTE), earlier=views.many(NOTE), markable=views.options())
HELD_ACT = answer("HeldAct", HeldAct, "id case case_number task act_label* seconds may_undo refused_as")
HELD_ACTS = listed("HeldActs", HELD_ACT)
ACT_GIVEN = made("ActGiven", held=views.one(HELD_ACT, is_maybe=True))
UNDONE = made("Undone", case=fields.UUID(), task=fields.String())
PHRASE = answer("Phrase", Snippet, "id text is_units may_delete")
PHRASES = listed("Phrases", PHRASE)


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/tasks/<task>/checks",
    title=phrase("查看核对"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=CHECKS),
)
def show_checks(case: UUID, task: str) -> dict[str, object]:
    """Show the notes on what is in order, and those of the visit before; the applicant sees none of them."""
    officer = current_officer()
    work = services().cases.work(CaseId(case), TaskKey(task), by=officer)
    return _sheet(work, services().checks.checks(work, by=officer))


@resource.endpoint(
    "PUT",
    "/desk/cases/<uuid:case>/tasks/<task>/checks",
    title=phrase("保存核对"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=desk_bodies.NewChecks, answer=CHECKS),
)
def keep_checks(body: Json, case: UUID, task: str) -> dict[str, object]:
    """Keep notes in the place of the earlier ones: what is in order, what is wanting and why."""
    officer = current_officer()
    work = services().cases.work(CaseId(case), TaskKey(task), by=officer)
    services().checks.keep(work, {one["target"]: _check(one) for one in body["notes"]}, by=officer)
    return _sheet(work, services().checks.checks(work, by=officer))


def _check(note: Json) -> Check:
    if note["verdict"] is Verdict.PASSED:
        return Check(Verdict.PASSED)
    return Check(Verdict.WANTING, note["reason"], note["words"])


def _sheet(work: WorkView, checks: Checks) -> dict[str, object]:
    return {"notes": _told(checks.notes), "earlier": _told(checks.earlier), "markable": work.markable}


def _told(notes: Mapping[str, Check]) -> list[dict[str, object]]:
    return [
        {"target": target, "verdict": note.verdict, "reason": note.reason, "words": note.words}
        for target, note in notes.items()
    ]


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/tasks/<task>/held-acts",
    title=phrase("办理并可撤销"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(body=desk_bodies.NewHeldAct, answer=ACT_GIVEN, status=202, is_once=True),
)
def give_held_act(body: Json, case: UUID, task: str) -> dict[str, HeldAct | None]:
    """Carry out an act that can be undone for some seconds; ``null`` where it has taken effect at once."""
    officer = current_officer()
    work = services().cases.work(CaseId(case), TaskKey(task), by=officer)
    wish = Wish(command=command_of(body, task), key=request_key(), is_insisted=body["insist"])
    may_undo = services().held.act(work, wish, by=officer)
    mine = services().held.mine(officer) if may_undo else ()
    return {"held": next((one for one in mine if (one.case, one.task) == (case, task)), None)}


@resource.endpoint(
    "GET",
    "/desk/held-acts",
    title=phrase("列出可撤销的办理"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=HELD_ACTS, is_paged=True),
)
def list_held_acts(query: Json) -> Answer[HeldAct]:
    """List the officer's acts that can still be undone or take effect now, and those that came to nothing."""
    return page(services().held.mine(current_officer()), query, key=lambda row: str(row.id))


@resource.endpoint(
    "POST",
    "/desk/held-acts/<uuid:held>/undoing",
    title=phrase("撤销办理"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(answer=UNDONE, is_once=True),
)
def undo_held_act(held: UUID) -> dict[str, object]:
    """Take an act back before anything came of it."""
    case, task = services().held.undo(held, by=current_officer())
    return {"case": case, "task": task}


@resource.endpoint(
    "DELETE",
    "/desk/held-acts/<uuid:held>",
    title=phrase("知道没有办成"),
    may=Permission.ACT_ON_TASK,
    shape=Shape(status=204),
)
def forget_held_act(held: UUID) -> str:
    """Forget an act that came to nothing, now that its officer knows; one that may still take effect is left alone."""
    services().held.read_on(held, by=current_officer())
    return ""


@resource.endpoint(
    "GET",
    "/desk/phrases",
    title=phrase("列出常用语"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=PHRASES, is_paged=True),
)
def list_phrases(query: Json) -> Answer[Snippet]:
    """List the officer's phrases for replies, then those of the unit."""
    return page(services().snippets.snippets(current_officer()), query, key=lambda row: str(row.id))


@resource.endpoint(
    "POST",
    "/desk/phrases",
    title=phrase("保存常用语"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(body=desk_bodies.NewPhrase, answer=views.NEW, status=201, is_once=True),
)
def add_phrase(body: Json) -> dict[str, UUID]:
    """Keep a phrase for replies; those of the unit are its leader's to keep."""
    return {"id": services().snippets.add(body["text"], by=current_officer(), is_units=body["units"])}


@resource.endpoint(
    "DELETE",
    "/desk/phrases/<uuid:phrase>",
    title=phrase("删除常用语"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(status=204),
)
def delete_phrase(phrase: UUID) -> str:
    """Forget a phrase."""
    services().snippets.delete(phrase, by=current_officer())
    return ""
