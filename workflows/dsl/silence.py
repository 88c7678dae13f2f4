"""Read what silence until the end of the statutory limit is deemed to be, and prove that the flow can go on."""

from collections.abc import Iterable, Iterator

from workflows.domain.definition import APPLICANT, EndStep, HumanStep, Location, PayStep, Phase, Silence, Step, walk
from workflows.dsl.acts import check_deemed
from workflows.dsl.compiled import Compiled, Flow
from workflows.dsl.dataflow import STEP_FACTS
from workflows.dsl.limits import COUNTED
from workflows.dsl.scalars import resolve
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.signatures import every_signer
from workflows.dsl.source import Record, Scalar
from workflows.dsl.written import Known

_SPELLING = "name an act of the last step of `decision`, such as `approve.ok`"


def read_silence(file: Reader, scope: Scope, flow: Flow) -> Silence | None:
    """Return the act that the passing of the statutory limit stands for; call it when the flow is read."""
    item = file.record.get("item")
    limit = item.get("limit") if isinstance(item, Record) else None
    node = limit.get("deemed") if isinstance(limit, Record) else None
    if node is None:
        return None
    if not isinstance(node, Scalar) or node.text.count(".") != 1:
        scope.report("E014", node.at, "`deemed` of the item's limit is a step and its act", _SPELLING)
        return None
    scope.places["deemed"] = node.at
    step_name, act_name = node.text.split(".")
    found = scope.known(_part(node, step_name, 0), scope.steps, code="E116", what="step")
    steps = {step.id: step for _, sequence in flow for step in walk(sequence)}
    step = steps.get(found or "")
    acts = {act.id: act for act in step.acts} if isinstance(step, HumanStep) else {}
    if step is not None and not acts:
        scope.report("E519", node.at, f"`{step.id}` has no acts that silence could be", _SPELLING)
    if not acts or found is None:
        return None
    act = _part(node, act_name, len(step_name) + 1)
    chosen = scope.known(act, acts, code="E115", what="act of this step", space=f"act:{found}")
    if chosen is None:
        return None
    check_deemed(acts[chosen], node.at, scope)
    return Silence(found, chosen)


def _part(node: Scalar, text: str, offset: int) -> Scalar:
    return Scalar(text, resolve(text), is_plain=True, at=node.inside(offset))


def check_silence(compiled: Compiled, accepted: Known) -> None:
    """Prove that silence can decide: nobody but the authority is silent, and what follows needs no decision.

    ``accepted`` is what is written when the decision clock starts.
    """
    silence, scope = compiled.anytime.silence, compiled.scope
    if silence is None:
        return
    at = scope.places["deemed"]
    decision = [step for step in compiled.top if step.phase is Phase.DECISION and not isinstance(step, EndStep)]
    last = decision[-1] if decision else None
    if last is None or last.id != silence.step or last.when is not None or getattr(last, "each", None) is not None:
        message = f"`{silence.step}` is not where every case is decided"
        scope.report("E519", at, message, f"{_SPELLING}, one without `when` and `each`")
        return
    for step in compiled.every_step:
        if step.phase in COUNTED and step.pause is None and (why := _waits_for_people(step, compiled)):
            message = f"{why}, the limit runs, and silence would decide though the authority is not silent"
            scope.report("E519", step.at, message, "stop the clock meanwhile: add `pause` or `basis`")
    later = compiled.top[compiled.top.index(last) + 1 :]
    told = {f"{last.id}.{fact}" for fact in STEP_FACTS}
    for path, where in unwritten(compiled, later, told | set(accepted)):
        message = f"`{path}` is missing here where silence decided"
        scope.report("E519", where, message, f"read it as default({path}, …), or write it before the clock starts")


def _waits_for_people(step: Step, compiled: Compiled) -> str:
    """Return in words where a step waits for the applicant or a party, or nothing."""
    if isinstance(step, PayStep):
        return f"while `{step.id}` waits for the payment"
    if not isinstance(step, HumanStep):
        return ""
    if {APPLICANT, *compiled.scope.parties} & set(every_signer(step)):
        return f"while `{step.id}` waits for the applicant or a party"
    asking = next((act for act in step.acts if act.ask is not None and not act.ask.basis), None)
    return f"while `{step.id}.{asking.id}` waits for the applicant" if asking is not None else ""


def unwritten(compiled: Compiled, later: Iterable[Step], known: Iterable[str]) -> Iterator[tuple[str, Location]]:
    """Yield what steps read that neither they nor anything known writes, with the place."""
    steps = list(walk(tuple(later)))
    names, notes, scope = {step.id for step in steps}, compiled.notes, compiled.scope
    written = {*known, *(path for name in names for placed in notes.writes.get(name, ()) for path in placed.fields)}
    for step in steps:
        reads = [(one.path, one.at) for checked in notes.reads.get(step.id, ()) for one in checked.readings]
        reads += [(path, where) for path, where, _ in notes.named.get(step.id, ())]
        conditions = (notes.whens.get(step.id), notes.conditions.get(step.id))
        reads += [(one.path, one.at) for checked in conditions if checked is not None for one in checked.readings]
        for path, where in reads:
            group = path.partition(".")[0]
            if path not in written and (path in scope.fields or (group in scope.steps and group not in names)):
                yield path, where
