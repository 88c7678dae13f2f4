"""Show who signs a step that several sign (会签)."""

from workflows.domain.definition import Definition, HumanStep
from workflows.domain.state import ActiveStep, Task, TaskKind
from workflows.engine.signers import may_sign
from workflows.engine.signing import signer_in
from workflows.services.presenting import spell_row
from workflows.storage.loading import StoredCase
from workflows.views import SignersView, VoteView


def signers_views(stored: StoredCase) -> tuple[SignersView, ...]:
    """Return the open steps whose signers may be changed."""
    return tuple(
        _signers(stored.definition, active, step=step)
        for active in stored.state.active
        if isinstance(step := stored.definition.steps[active.step], HumanStep)
        and step.each is not None
        and not step.each.is_rows
    )


def count_of(stored: StoredCase, task: Task) -> VoteView | None:
    """Return how many have signed beside this task; who chose what stays hidden until the step closes."""
    step = stored.definition.steps[task.step]
    active = next((active for active in stored.state.active if active.step == task.step), None)
    if task.kind is not TaskKind.SIGN or active is None or not isinstance(step, HumanStep) or step.each is None:
        return None
    of = len(active.signers)
    return VoteView(of, min(step.each.need or of, of), len(active.votes), None)


def signs_for(stored: StoredCase, task: Task) -> str:
    """Return what a signature is for: a department by its label, or a row with its number and cells."""
    step = stored.definition.steps[task.step]
    if task.kind is not TaskKind.SIGN or not isinstance(step, HumanStep) or step.each is None:
        return ""
    signer = signer_in(task)
    if not step.each.is_rows or step.each.chosen is None:
        return stored.definition.label(f"role.{signer}")
    rows = stored.values.get(step.each.chosen)
    row = rows[int(signer) - 1] if isinstance(rows, tuple) and int(signer) <= len(rows) else ()
    return f"{signer}. {spell_row(stored.definition, step.each.chosen, row)}"


def _signers(definition: Definition, active: ActiveStep, *, step: HumanStep) -> SignersView:
    def named(names: list[str]) -> tuple[tuple[str, str], ...]:
        return tuple((name, definition.label(f"role.{name}")) for name in names)

    return SignersView(
        active.step,
        definition.label(f"step.{active.step}"),
        named([name for name in active.signers if name in active.votes]),
        named([name for name in active.signers if name not in active.votes]),
        named([name for name in may_sign(definition) if name not in active.signers]),
    )
