"""Say why the rules of an item come out as they do, and what would change it: before, in and after an application."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.hands import applicant
from gov_portal.web.api.shapes import made
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.eligibility import judged, questions
from gov_portal.web.base.reasons import RuleWords, act_words, condition_words, failed_words, material_words
from gov_portal.web.base.regions import region_here
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.definition import Definition

resource = Resource("explanations", title=phrase("为什么"))


def _texts() -> fields.Field[Any]:
    return fields.List(fields.String())


RULE = made(
    "ExplainedRule",
    text=fields.String(),
    holds=fields.Boolean(allow_none=True),
    reasons=_texts(),
    changes=_texts(),
)
QUESTIONS = made("EligibilityQuestions", questions=views.many(views.FIELD))
ELIGIBILITY = made("Eligibility", holds=fields.Boolean(allow_none=True), conditions=views.many(RULE))
WHY_NOT = made("WhyRefused", rules=views.many(RULE))
WHY_ASKED = made("WhyAsked", path=fields.String(), reason=fields.String())
WHY_DRAFT = made("WhyDraft", conditions=views.many(RULE), materials=views.many(WHY_ASKED))
WHY_CLOSED = made("WhyClosed", act=fields.String(), reasons=_texts(), changes=_texts())
WHY_ACTS = made("WhyActs", acts=views.many(WHY_CLOSED))


class EligibilityAnswers(Schema):
    """Answer what the conditions need to know, by path; what is left out stays open."""

    answers = bodies.answers()


@resource.endpoint(
    "GET",
    "/items/<item>/eligibility",
    title=phrase("我能办吗：问什么"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=bodies.RegionQuery, answer=QUESTIONS),
)
def list_eligibility_questions(query: Json, item: str) -> dict[str, object]:
    """List what the conditions of an item in a region need to know, with what the caller's account answers already."""
    return {"questions": questions(_item_here(item))}


@resource.endpoint(
    "POST",
    "/items/<item>/eligibility",
    title=phrase("我能办吗：结果"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=bodies.RegionQuery, body=EligibilityAnswers, answer=ELIGIBILITY),
)
def judge_eligibility(query: Json, body: Json, item: str) -> dict[str, object]:
    """Say which conditions hold for some answers, why, and what would change it; nothing is stored."""
    definition = _item_here(item)
    found = judged(definition, body["answers"])
    return {"holds": found.holds, "conditions": [_rule(condition_words(definition, one)) for one in found.conditions]}


@resource.endpoint(
    "GET",
    "/drafts/<uuid:case>/explanations",
    title=phrase("为什么要这些、缺什么条件"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=Shape(answer=WHY_DRAFT),
)
def explain_draft(case: UUID) -> dict[str, object]:
    """Say of a draft which conditions hold and why, and why papers are asked that not everybody must bring."""
    draft = services().cases.draft(CaseId(case), by=applicant())
    item = services().cases.pinned(draft.pinned)
    asked = material_words(item, draft.materials)
    return {
        "conditions": [_rule(condition_words(item, one)) for one in draft.conditions],
        "materials": [{"path": path, "reason": reason} for path, reason in asked.items()],
    }


@resource.endpoint(
    "GET",
    "/cases/<uuid:case>/explanations",
    title=phrase("为什么没有通过"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=WHY_NOT),
)
def explain_refusal(case: UUID) -> dict[str, object]:
    """Say which rules an application that was turned down did not meet, with the applicant's own values."""
    view = services().cases.view(CaseId(case), by=applicant())
    return {"rules": [_rule(one) for one in failed_words(services().cases.pinned(view.pinned), view)]}


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/tasks/<task>/explanations",
    title=phrase("为什么不能这样办"),
    may=Permission.VIEW_TASK,
    shape=Shape(answer=WHY_ACTS),
)
def explain_acts(case: UUID, task: str) -> dict[str, object]:
    """Say of each act that its own condition closes why, with what the officer may read, and what would open it."""
    work = services().cases.work(CaseId(case), TaskKey(task), by=current_officer())
    closed = act_words(services().cases.pinned(work.case.pinned), work)
    return {"acts": [{"act": act, "reasons": one.reasons, "changes": one.changes} for act, one in closed.items()]}


def _item_here(item: str) -> Definition:
    return services().cases.item(ItemId(item), region=region_here(ItemId(item)))


def _rule(words: RuleWords) -> dict[str, object]:
    told = words.told
    return {"text": words.text, "holds": words.holds, "reasons": told.reasons, "changes": told.changes}
