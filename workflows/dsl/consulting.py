"""Read who may be asked for an opinion (请示), and see that every question ends and is put to somebody else."""

from workflows.domain.definition import Consult, HumanStep, Unit
from workflows.dsl import words
from workflows.dsl.compiled import Compiled
from workflows.dsl.findings import Finding, did_you_mean, nearest
from workflows.dsl.item import roles
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.source import Scalar
from workflows.dsl.spans import in_days, spans_of

_UNITS = (Unit.HOUR, Unit.WORKING_DAY, Unit.DAY, Unit.WEEK)


def read_consult(anytime: Reader, scope: Scope) -> Consult | None:
    """Return the rule, if the item has one."""
    reader = anytime.sub("consult", words.CONSULT)
    if reader is None:
        return None
    blocks = [_blocked(scalar, scope) for scalar in reader.scalars("blocks", single=True)]
    scope.places |= {f"consult.{key}": reader.location(key) for key in ("to", "within")}
    within = reader.duration("within", _UNITS)
    if within is None:
        return None
    return Consult(roles(reader, "by", scope), roles(reader, "to", scope), within, tuple(one for one in blocks if one))


def _blocked(scalar: Scalar, scope: Scope) -> str | None:
    """Return ``<step>.<act>`` where there is such an act; faults are reported."""
    step, _, act = scalar.text.partition(".")
    if step not in scope.steps:
        finding = Finding(scalar.at, "E116", f"there is no step `{step}`", did_you_mean(step, scope.steps))
        scope.unresolved("step", step, guess=nearest(step, scope.steps), finding=finding)
        return None
    scope.blame.use("step", step)
    acts = scope.acts_at(step)
    if act in acts:
        scope.blame.use(f"act:{step}", act)
        return scalar.text
    message = f"the step `{step}` has no act `{act}`" if act else "name what waits for the answer as `step.act`"
    finding = Finding(scalar.at, "E115", message, did_you_mean(act, acts))
    scope.unresolved(f"act:{step}", act, guess=nearest(act, acts), finding=finding)
    return None


def check_consult(compiled: Compiled) -> None:
    """Report a question to those who ask it, and one whose answer may come when the step that waits is over."""
    rule, scope = compiled.anytime.consult, compiled.scope
    if rule is None:
        return
    for role in [name for name in rule.to if name in rule.by]:
        message, remedy = f"`{role}` would ask `{role}`", "ask another role, or leave it out of `by`"
        scope.report("E517", scope.places["consult.to"], message, remedy)
    waiting = {name.partition(".")[0] for name in rule.blocks}
    for step in compiled.every_step:
        limits = spans_of(step.limit, compiled.notes) if isinstance(step, HumanStep) and step.id in waiting else ()
        limit = min(limits, key=in_days, default=rule.within)
        if in_days(rule.within) > in_days(limit):
            message = f"an answer may take {rule.within}, but `{step.id}`, which waits for it, has only {limit}"
            remedy = "give less time to answer, or more to the step: neither its limit nor the legal clock stands"
            scope.report("E517", scope.places["consult.within"], message, remedy)
