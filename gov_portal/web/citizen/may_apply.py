"""Answer "may I apply?" (我能办吗) for an item: a few questions, nothing stored."""

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.types import Region
from gov_portal.web.base.access import requires
from gov_portal.web.base.eligibility import judged, questions
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, inputs, read
from gov_portal.web.base.reasons import condition_words
from gov_portal.web.base.regions import place_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.domain.candidates import constants
from workflows.domain.definition import Definition

ELSEWHERE = "elsewhere"
"""Stands for a region that is none of those the conditions name."""


@requires(Permission.VIEW_PUBLIC)
def may_apply(item: str) -> ResponseReturnValue:
    """Ask what the conditions need to know, and say which of them hold, why, and what would change it."""
    place = place_of(ItemId(item))
    definition = services().cases.item(ItemId(item), region=place.region)
    views = questions(definition)
    typed: dict[str, object] = {}
    faults, found = NO_FAULTS, None
    if request.method == "POST":
        typed = {view.path: read(view.type, view.path, request.form) for view in views}
        answers = {path: _elsewhere(definition) if one == ELSEWHERE else one for path, one in typed.items()}
        result = attempt(lambda: judged(definition, answers))
        if isinstance(result, Faults):
            faults = result.named(views)
        else:
            found = result
    asked = [_with_regions(definition, one) for one in inputs(views, typed=typed or None, faults=faults)]

    def may_read(path: str) -> bool:
        return typed.get(path) != ELSEWHERE

    page = render_template(
        "citizen/may_apply.html",
        item=definition,
        place=place,
        inputs=asked,
        faults=faults,
        found=found,
        conditions=[condition_words(definition, one, may_read=may_read) for one in found.conditions] if found else [],
    )
    return page, 422 if faults else 200


def _with_regions(definition: Definition, asked: Input) -> Input:
    """Return a question; for a region one chooses between those that the conditions name and any other."""
    if not isinstance(definition.fields[asked.path].type, Region):
        return asked
    options = (
        *((code, _(Divisions.default().name(code))) for code in _regions(definition)),
        (ELSEWHERE, _("其他地方")),
    )
    return replace(asked, widget="radios", options=options)


def _regions(definition: Definition) -> tuple[str, ...]:
    """Return the regions that the conditions name, in their order."""
    trees = [one.rule.tree for one in definition.conditions] + [one.tree for one in definition.lets.values()]
    texts = (one for one in constants(trees) if isinstance(one, str))
    return tuple(dict.fromkeys(one for one in texts if Divisions.default().find(one)))


def _elsewhere(definition: Definition) -> str:
    """Return a region that lies in none of those, and none of which lies in it."""
    named = {code[:2] for code in _regions(definition)}
    known = Divisions.default().by_code.values()
    return next((one.code for one in known if one.level == 1 and one.code[:2] not in named), ELSEWHERE)
