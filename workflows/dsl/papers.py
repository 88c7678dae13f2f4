"""Read what may stand in for papers: a written promise (告知承诺), or that they follow (容缺受理)."""

from collections.abc import Iterable

from workflows.domain.definition import APPLICANT, HumanStep, Material, Unit
from workflows.domain.subject import Commitment, Papers, Provisional, deferred_path, promised_path
from workflows.dsl import words
from workflows.dsl.compiled import Compiled
from workflows.dsl.item import outcome
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.source import Listing, Record, Scalar
from workflows.dsl.statics import BOOL

_PERIODS = (Unit.WORKING_DAY, Unit.DAY, Unit.WEEK, Unit.MONTH)
_WORDS = (("commitment", promised_path), ("provisional", deferred_path))


def declare_facts(file: Reader, scope: Scope) -> None:
    """Let conditions ask ``premises.promised`` and ``premises.deferred``; faults are reported when it is read."""
    for word, path_of in _WORDS:
        record = file.record.get(word)
        listing = record.get("materials") if isinstance(record, Record) else None
        for item in listing.items if isinstance(listing, Listing) else ():
            if isinstance(item, Scalar) and path_of(item.text) not in scope.fields:
                scope.given_facts[path_of(item.text)] = BOOL


def read_papers(file: Reader, scope: Scope, materials: Iterable[Material]) -> Papers:
    """Return what may stand in for the papers of an item."""
    uploads = {material.id for material in materials if material.source == "upload" or material.upload_if_absent}
    return Papers(_commitment(file, scope, uploads), _provisional(file, scope, uploads))


def _materials(reader: Reader, scope: Scope, uploads: set[str]) -> tuple[str, ...]:
    found = []
    for scalar in reader.scalars("materials"):
        name = scope.known(scalar, scope.materials, code="E125", what="material")
        if name is not None and name not in uploads:
            message = f"nobody is asked for `{name}`, so nothing need stand in for it"
            scope.report("E514", scalar.at, message, "take it out, or write `from: upload` at the material")
        if name is not None:
            found.append(name)
    return tuple(found)


def _commitment(file: Reader, scope: Scope, uploads: set[str]) -> Commitment | None:
    reader = file.sub("commitment", words.COMMITMENT)
    if reader is None:
        return None
    scope.places["commitment"] = reader.at
    step = reader.scalar("check")
    check = scope.known(step, scope.steps, code="E116", what="step") if step else None
    named = reader.scalar("broken")
    acts = dict.fromkeys(scope.steps[check].acts) if check else {}
    broken = scope.known(named, acts, code="E115", what="act", space=f"act:{check}") if named and check else None
    return Commitment(_materials(reader, scope, uploads), reader.text("text"), check or "", broken or "")


def _provisional(file: Reader, scope: Scope, uploads: set[str]) -> Provisional | None:
    reader = file.sub("provisional", words.PROVISIONAL)
    if reader is None:
        return None
    scope.places["provisional"] = reader.at
    within = reader.duration("within", _PERIODS)
    late = outcome(reader.scalar("late"), scope, no_remedies="a paper that does not follow")
    scope.led_to.add(late or "")
    named = reader.scalar("before")
    before = scope.known(named, scope.steps, code="E116", what="step") if named else None
    materials = _materials(reader, scope, uploads)
    return Provisional(materials, within, late, before) if within and late and before else None


def check_papers(compiled: Compiled, papers: Papers) -> None:
    """Report a promise that nobody checks, and a paper that nothing waits for."""
    steps = {step.id: step for step in compiled.every_step}
    scope = compiled.scope
    if papers.commitment is not None and papers.commitment.check in steps:
        step = steps[papers.commitment.check]
        act = step.act(papers.commitment.broken) if isinstance(step, HumanStep) else None
        at = scope.places["commitment"]
        if not isinstance(step, HumanStep) or step.by == APPLICANT:
            scope.report("E514", at, f"no officer does `{step.id}`, so it checks no promise", "name an officer's step")
        elif act is not None and not (act.end or act.back):
            message = f"a broken promise has no effect, because `{act.id}` goes on"
            scope.report("E514", act.at, message, "add `end: …` or `back: …` to the act")
    if papers.provisional is not None and papers.provisional.before in steps:
        _check_gate(compiled, steps[papers.provisional.before])


def _check_gate(compiled: Compiled, step: object) -> None:
    scope, at = compiled.scope, compiled.scope.places["provisional"]
    if not isinstance(step, HumanStep) or step.by == APPLICANT or not step.acts:
        scope.report("E515", at, "no officer can hold the case there", "let `before` name a step with `by` and `act`")
    elif step.vote is not None or step.deemed is not None or step.when is not None:
        message = f"`{step.id}` may be passed without an officer, so it does not wait for a paper"
        scope.report("E515", step.at, message, "name a step without `vote`, `deemed` and `when`")
