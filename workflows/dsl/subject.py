"""Read how a case comes about and what it is about: ``about``, ``start``, ``offer``, ``renew``."""

from workflows.domain.definition import Duration, IssueStep, Phase, Unit, walk
from workflows.domain.subject import ABOUT, BY_APPLICANT, About, Offer, Papers, Renewal, Start
from workflows.dsl import words
from workflows.dsl.compiled import Compiled
from workflows.dsl.expressions import check_expression
from workflows.dsl.item import licence_kind, outcome, role
from workflows.dsl.notes import FlowNotes
from workflows.dsl.papers import check_papers
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.shape import Reader, scalars_of
from workflows.dsl.silence import unwritten
from workflows.dsl.source import Record, Scalar
from workflows.dsl.spans import in_days
from workflows.dsl.statics import BOOL
from workflows.dsl.written import Known

ENDS_ON = "valid_until"
_BEFORE_END = (Unit.DAY, Unit.WEEK, Unit.MONTH)
_CYCLES = (Unit.MONTH, Unit.YEAR)
_ISSUANCE = (Phase.ISSUANCE, Phase.DELIVERY)


def read_about(file: Reader, scope: Scope) -> About | None:
    """Return the licence that a case is about; what it gives is known to the prefills from here on."""
    reader = file.sub("about", words.ABOUT)
    if reader is None:
        return None
    kind = licence_kind(reader, "licence", scope)
    scope.about = kind or ""
    scope.places["about"] = reader.at
    return About(kind or "", one_open=reader.flag("one_open"))


def read_result_shows(file: Reader, scope: Scope, notes: FlowNotes) -> tuple[str, ...]:
    """Return the fields that tell the applicant the result; they count as shown."""
    item = file.record.get("item")
    result = item.get("result") if isinstance(item, Record) else None
    show = result.get("show") if isinstance(result, Record) else None
    if show is None:
        return ()
    scalars = scalars_of(show, what="`show`", findings=scope.findings)
    found = {path: scalar.at for scalar in scalars if (path := scope.field_path(scalar, what="`show`"))}
    for path, at in found.items():
        notes.shows.setdefault(path, at)
    return tuple(found)


def read_start(file: Reader, scope: Scope, about: About | None) -> Start:
    """Return who or what begins a case; call it when roles are declared."""
    reader = file.sub("start", words.START)
    by, upon, every = BY_APPLICANT, None, None
    if reader is not None:
        named = [role(scalar, scope, applicant=True) for scalar in reader.scalars("by", single=True)]
        by = tuple(name for name in named if name) or BY_APPLICANT
        event = reader.scalar("upon")
        upon = scope.known(event, scope.directory.events, code="E118", what="event") if event else None
        every = reader.duration("every", _CYCLES)
        scope.places["every"] = reader.location("every")
    return Start(by, upon, every, about, _offer(file, scope), _renewal(file, scope, about))


def _offer(file: Reader, scope: Scope) -> Offer | None:
    reader = file.sub("offer", words.OFFER)
    if reader is None:
        return None
    scope.places["offer"] = reader.at
    known = scope.directory.predicates
    named = [(scope.known(scalar, known, code="E118", what="predicate"), scalar) for scalar in reader.scalars("from")]
    predicates = {name: scalar for name, scalar in named if name is not None}
    when = reader.scalar("when")
    checked = _predicate(when, tuple(predicates), scope) if when else None
    for name, scalar in predicates.items():
        if checked is not None and name not in checked.expression.reads:
            scope.report("E516", scalar.at, f"`when` does not read the predicate `{name}`", "read it, or take it out")
    return Offer(checked.expression, tuple(predicates)) if checked else None


def _predicate(when: Scalar, predicates: tuple[str, ...], scope: Scope) -> Checked:
    """Check the condition of an offer; it knows nothing but its predicates."""
    inner = Scope(scope.directory, scope.findings, blame=scope.blame)
    inner.given_facts = dict.fromkeys(predicates, BOOL)
    checked = check_expression(when, inner, wants=BOOL)
    if not checked.readings:
        scope.report("E516", when.at, "`when` reads no predicate", "name predicates of `from`, joined by `and`")
    return checked


def _renewal(file: Reader, scope: Scope, about: About | None) -> Renewal | None:
    reader = file.sub("renew", words.RENEW)
    if reader is None:
        return None
    scope.places["renew"] = reader.at
    opens = reader.duration("open", _BEFORE_END)
    named = reader.scalar("deemed")
    deemed = outcome(named, scope, no_remedies="a deemed renewal") if named else None
    if named is not None:
        scope.places["renew.deemed"] = named.at
    if about is None:
        scope.report("E012", reader.at, "`renew` needs to know which licence", "add `about: {licence: …}`")
    return Renewal(opens, deemed, _in_time(reader, opens, scope)) if opens else None


def _in_time(reader: Reader, opens: Duration, scope: Scope) -> Duration | None:
    """Return how long before the end an application must come for silence to renew."""
    if not reader.has("in_time"):
        return None
    found, at = reader.duration("in_time", _BEFORE_END), reader.location("in_time")
    if not reader.has("deemed"):
        scope.report("E015", at, "`in_time` says when silence renews, but silence is nothing here", "add `deemed: …`")
    if found is not None and in_days(found) >= in_days(opens):
        message = f"nobody can apply {found} before the end, because it opens only {opens} before"
        scope.report("E014", at, message, "let `open` begin earlier")
    return found


def check_start(compiled: Compiled, start: Start, papers: Papers, *, submitted: Known) -> None:
    """Report what does not fit together in the whole file; ``submitted`` is what is written at submission."""
    check_papers(compiled, papers)
    scope = compiled.scope
    if start.every is not None and start.offer is None:
        message = "`every` offers the item again, but nothing says to whom"
        scope.report("E516", scope.places["every"], message, "add `offer: {…}`")
    given = [path for prefill, _ in compiled.prefills if prefill.source == ABOUT for path in prefill.gives]
    if start.renew is not None and not any(path.endswith(f".{ENDS_ON}") for path in given) and not scope.is_uncertain:
        remedy = "add `prefill: {about: {gives: [….valid_until]}}`"
        scope.report("E513", scope.places["renew"], "a renewal must know when the licence ends", remedy)
    for step in compiled.every_step:
        if isinstance(step, IssueStep) and (step.is_replacing or step.is_revoking):
            _check_subject(step, compiled, start)
    if start.renew is not None and start.renew.deemed:
        _check_deemed(compiled, start.renew.deemed, submitted)


def _check_subject(step: IssueStep, compiled: Compiled, start: Start) -> None:
    scope = compiled.scope
    at = scope.places.get(f"{step.id}.issue", step.at)
    if start.about is None:
        word = "replaces" if step.is_replacing else "revokes"
        message = f"`{step.id}` {word} the licence that the case is about, but it is about none"
        scope.report("E012", at, message, "add `about: {licence: …}`")
    elif step.is_replacing and step.licence != start.about.licence:
        message = f"`{step.licence}` cannot replace the licence `{start.about.licence}` that the case is about"
        scope.report("E119", at, message, "let both name the same licence")


def _check_deemed(compiled: Compiled, deemed: str, submitted: Known) -> None:
    """Prove that silence can lead to the outcome: what follows the decision needs nothing that was not decided."""
    scope = compiled.scope
    at = scope.places.get("renew.deemed", scope.places["renew"])
    later = [step for step in compiled.top if step.phase in _ISSUANCE]
    ends = [step for step in walk(tuple(later)) if getattr(step, "outcome", None) == deemed]
    if not ends:
        remedy = "end the phase `issuance` or `delivery` with it"
        scope.report("E513", at, f"nothing behind the decision leads to `{deemed}`", remedy)
    for path, where in unwritten(compiled, later, submitted):
        message = f"`{path}` is missing here where the renewal was deemed, because nobody decided"
        scope.report("E513", where, message, f"read it as default({path}, …), or take it from the licence")
