"""Ask the engine what it would allow now, so that pages offer exactly what will be accepted; pure."""

from uuid import UUID

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer
from workflows.domain.commands import (
    ActOn,
    Command,
    ExtendLimit,
    Mark,
    OpenAppeal,
    OpenCorrection,
    ResumeCase,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Context, Status, TaskKind
from workflows.engine import advance, posts, supplement
from workflows.engine.plan import plan_of
from workflows.engine.refusals import FieldMissing, NotPermitted, TransitionRefused
from workflows.engine.run import Run
from workflows.views import Permitted

_REASON = "—"
_NOBODY = CaseId(UUID(int=0))


def refusal_of(
    definition: Definition, state: CaseState, command: Command, *, context: Context
) -> TransitionRefused | None:
    """Return why the engine would refuse a command now, ``None`` where it would not."""
    try:
        advance(definition, state, command, context)
    except TransitionRefused as refusal:
        return refusal
    return None


def permitted(definition: Definition, state: CaseState, *, context: Context) -> Permitted:
    """Return what the actor of a context may do to the case now."""

    def allows(command: Command) -> bool:
        return refusal_of(definition, state, command, context=context) is None

    if isinstance(context.actor, Citizen):
        return Permitted(
            withdraw=allows(WithdrawCase()),
            urge=allows(Urge()),
            supplement=any(task.kind is TaskKind.SUPPLEMENT for task in state.tasks.values()),
            appeal=state.status is not Status.DRAFT and allows(OpenAppeal(_NOBODY)),
        )
    suspend = definition.anytime.suspend
    return Permitted(
        suspend=suspend is not None and allows(SuspendCase(suspend.grounds[0].ground, _REASON)),
        resume=allows(ResumeCase()),
        extend=allows(ExtendLimit(_REASON)),
        hand_over=_may_hand_over(definition, state, context=context),
        signers=_may_change_signers(definition, state, context=context),
        correct=definition.anytime.correct is not None and allows(OpenCorrection(_NOBODY, _REASON)),
    )


def _may_change_signers(definition: Definition, state: CaseState, *, context: Context) -> bool:
    rule = definition.anytime.signers
    if rule is None or state.status is not Status.OPEN or not any(active.signers for active in state.active):
        return False
    try:
        posts.officer_in(Run(plan_of(definition), state, context), rule.by)
    except NotPermitted:
        return False
    return True


def why_not(definition: Definition, state: CaseState, act: tuple[TaskKey, str], *, context: Context) -> str:
    """Return the code for which an act would be refused whatever is filled in, empty where it is on offer."""
    task, act_id = act
    refusal = refusal_of(
        definition,
        state,
        ActOn(task, act_id, reason=_REASON, marks=_any_mark(definition, state, context=context)),
        context=context,
    )
    return "" if refusal is None or isinstance(refusal, FieldMissing) else refusal.code


def markable(definition: Definition, state: CaseState, *, context: Context) -> tuple[tuple[str, str], ...]:
    """Return the targets that a supplement may mark now, with labels, in the order of the item."""
    targets = supplement.markable(Run(plan_of(definition), state, context))
    if state.supplement_scope is not None:
        targets = targets & frozenset(state.supplement_scope)
    labelled = [(path, definition.label(path)) for path in definition.fields]
    labelled += [(material.id, material.name) for material in definition.materials]
    return tuple((target, label) for target, label in labelled if target in targets)


def _any_mark(definition: Definition, state: CaseState, *, context: Context) -> tuple[Mark, ...]:
    targets = markable(definition, state, context=context)
    return (Mark(targets[0][0], _REASON),) if targets else ()


def _may_hand_over(definition: Definition, state: CaseState, *, context: Context) -> bool:
    officer = context.actor
    if not isinstance(officer, Officer) or state.status is not Status.OPEN:
        return False
    roles = set(definition.anytime.hand_over) & officer.roles
    return any(
        task.role in roles and task.org == officer.org and task.officer in (None, officer.officer)
        for task in state.tasks.values()
    )
