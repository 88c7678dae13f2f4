"""Say in the reader's language why the rules of an item came out as they did, and what would change it."""

from collections.abc import Callable
from dataclasses import dataclass

from gov_portal.web.base.text import _, day
from workflows.domain.definition import Definition
from workflows.domain.explaining import Explanation
from workflows.domain.wording import Told, Wording
from workflows.views import CaseView, ConditionView, MaterialView, WorkView


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Hold one rule in words: what it is, whether it holds, why, and what would change it."""

    text: str
    holds: bool | None
    told: Told


def worded(item: Definition) -> Wording:
    """Return what words the claims of an item."""
    return Wording(item, say=_, say_day=day)


def told(
    item: Definition, explanation: Explanation | None, *, may_read: Callable[[str], bool] = lambda path: True
) -> Told:
    """Return an explanation in words; values that the reader may not read stay out."""
    return Told(()) if explanation is None else worded(item).explained(explanation, may_read=may_read)


def condition_words(
    item: Definition, condition: ConditionView, *, may_read: Callable[[str], bool] = lambda path: True
) -> RuleWords:
    """Return a condition of acceptance in words."""
    text = _(condition.text)
    if condition.basis:
        text = _("{text}（{basis}）", text=text, basis=_(condition.basis))
    return RuleWords(text, condition.holds, told(item, condition.explanation, may_read=may_read))


def failed_words(item: Definition, view: CaseView) -> list[RuleWords]:
    """Return the rules that a turned-down application did not meet, with the applicant's own values."""
    found = []
    for rule in view.failed:
        text = _("不能“{act}”", act=_(rule.act)) if rule.act else _(rule.text)
        if rule.basis:
            text = _("{text}（{basis}）", text=text, basis=_(rule.basis))
        found.append(RuleWords(text, rule.explanation.holds, told(item, rule.explanation)))
    return found


def material_words(item: Definition, materials: tuple[MaterialView, ...]) -> dict[str, str]:
    """Return for each material that is not asked of everybody why it is asked, by its path."""
    explained = {one.path: told(item, one.explanation).reasons for one in materials if one.explanation is not None}
    return {path: _("；").join(reasons) for path, reasons in explained.items() if reasons}


def act_words(item: Definition, work: WorkView) -> dict[str, Told]:
    """Return for each act that its own condition closes why, with what this officer may read, by its id."""
    readable = {field.path for field in (*work.fields, *work.fill)}
    return {
        act.id: told(item, act.explanation, may_read=readable.__contains__)
        for act in work.acts
        if act.explanation is not None
    }
