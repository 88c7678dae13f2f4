"""Read what may happen beside the flow: withdraw, suspend, extend, hand over, urge, appeal."""

from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import (
    OVERDUE,
    Anytime,
    Appeal,
    Correct,
    Extend,
    Pause,
    Signers,
    Suspend,
    Unit,
    Withdraw,
)
from workflows.dsl import words
from workflows.dsl.consulting import read_consult
from workflows.dsl.item import applicant_only, outcome, role, roles
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.spans import reminders
from workflows.dsl.steps import read_pause

_DAYS = (Unit.WORKING_DAY, Unit.DAY)
_PERIODS = (Unit.WORKING_DAY, Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)


def read_anytime(file: Reader, scope: Scope) -> Anytime:
    """Return what is allowed at any time."""
    reader = file.sub("anytime", words.ANYTIME)
    if reader is None:
        return Anytime()
    urge = reader.sub("urge", words.URGE)
    if urge is not None:
        applicant_only(urge)
    hand_over = reader.sub("hand_over", words.HAND_OVER)
    return Anytime(
        withdraw=_withdraw(reader.sub("withdraw", words.WITHDRAW), scope),
        suspend=_suspend(reader.sub("suspend", words.SUSPEND), scope),
        extend=_extend(reader.sub("extend", words.EXTEND), scope),
        hand_over=roles(hand_over, "by", scope) if hand_over else (),
        urge_every=urge.duration("every", (*_PERIODS, Unit.HOUR)) if urge else None,
        appeal=_appeal(reader.sub("appeal", words.APPEAL), scope),
        signers=_signers(reader.sub("signers", words.SIGNERS), scope),
        consult=read_consult(reader, scope),
        correct=_correct(reader.sub("correct", words.CORRECT), scope),
    )


def _signers(reader: Reader | None, scope: Scope) -> Signers | None:
    return None if reader is None else Signers(roles(reader, "by", scope))


def _correct(reader: Reader | None, scope: Scope) -> Correct | None:
    if reader is None:
        return None
    scope.places["correct"] = reader.at
    return Correct(roles(reader, "by", scope), reader.text("basis"))


def _withdraw(reader: Reader | None, scope: Scope) -> Withdraw | None:
    if reader is None:
        return None
    applicant_only(reader)
    before = reader.scalar("before")
    step = scope.known(before, scope.steps, code="E116", what="step") if before else None
    end = outcome(reader.scalar("end"), scope, no_remedies="a withdrawal")
    return Withdraw(step, end) if step and end else None


def _suspend(reader: Reader | None, scope: Scope) -> Suspend | None:
    if reader is None:
        return None
    listing = reader.listing("grounds")
    pauses = [read_pause(item, scope) for item in listing.items] if listing else []
    grounds: tuple[Pause, ...] = tuple(pause for pause in pauses if pause is not None)
    for index, pause in enumerate(grounds):
        if listing is not None and any(pause.ground == earlier.ground for earlier in grounds[:index]):
            scope.report(
                "E021", listing.items[index].at, f"the ground `{pause.ground}` stands twice", "keep one of them"
            )
    limit = reader.duration("max", _PERIODS)
    return Suspend(roles(reader, "by", scope), grounds, limit) if limit else None


def _extend(reader: Reader | None, scope: Scope) -> Extend | None:
    if reader is None:
        return None
    by = role(reader.scalar("by"), scope)
    add = reader.duration("add", _DAYS)
    return Extend(by, add, reader.integer("max", low=1, high=9, missing=1)) if by and add else None


def _appeal(reader: Reader | None, scope: Scope) -> Appeal | None:
    if reader is None:
        return None
    applicant_only(reader)
    opens = reader.scalar("opens")
    if opens is not None:
        scope.known(opens, dict.fromkeys(scope.directory.items), code="E120", what="item")
    after = [
        OVERDUE if scalar.text == OVERDUE and OVERDUE not in scope.outcomes else outcome(scalar, scope)
        for scalar in reader.scalars("after", single=True)
    ]
    for scalar in reader.scalars("after", single=True):
        known = scope.outcomes.get(scalar.text)
        if known is not None and not set(words.APPEALABLE) & set(known.remedies):
            scope.report(
                "E117",
                scalar.at,
                f"`{scalar.text}` has no remedy 行政复议, so nothing can be appealed",
                "add it to the outcome's remedies",
            )
            scope.report(
                "E117",
                scope.outcome_at[scalar.text],
                f"`{scalar.text}` can be appealed (line {scalar.at.line}), but has no remedy 行政复议",
                "add it to the remedies",
            )
    within = reader.duration("within", _PERIODS)
    if opens is None or within is None:
        return None
    remind = reminders(reader, within, scope)
    return Appeal(tuple(name for name in after if name), ItemId(opens.text), within, remind)
