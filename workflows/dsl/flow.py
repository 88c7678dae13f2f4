"""Read the flow: phases in their legal order, steps in the order of the list, blocks inside blocks."""

from collections.abc import Iterator

from workflows.domain.definition import AllStep, IfStep, Phase, Step
from workflows.dsl import words
from workflows.dsl.bundles.opens import left_behind
from workflows.dsl.data import condition
from workflows.dsl.findings import did_you_mean, nearest
from workflows.dsl.names import check_identifier, check_look_alikes
from workflows.dsl.notes import FlowNotes, StepSource
from workflows.dsl.payments import paid_facts
from workflows.dsl.scope import Checked, Scope, StepName, unknown_expression
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar
from workflows.dsl.steps import StepCompiler
from workflows.dsl.words import STEP_KINDS

_STEP_WORDS = frozenset(word for place in STEP_KINDS.values() for word in place.keys)


_PHASES = tuple(Phase)


def index_steps(file: Reader, scope: Scope) -> None:
    """Declare every step with its acts, so that steps, tables and conditions may name them."""
    flow = file.mapping("flow")
    for entry in flow.entries if flow else ():
        for key, body in _every_step(entry.value):
            check_identifier(key, what="the step", findings=scope.findings, reserved=False)
            if key.text in scope.steps:
                first = scope.steps[key.text].at.line
                scope.report(
                    "E021", key.at, f"the step `{key.text}` exists already in line {first}", "rename one of them"
                )
                continue
            scope.blame.declare("step", key.text, key.at)
            for act in _acts_of(body):
                scope.blame.declare(f"act:{key.text}", act.text, act.at)
            acts = tuple(act.text for act in _acts_of(body))
            facts = {**left_behind(key.text, body), **paid_facts(key.text, body)}
            scope.steps[key.text] = StepName(key.text, key.at, acts, len(scope.steps), facts)
    pairs = ((step.id, step.at) for step in scope.steps.values())
    check_look_alikes(pairs, what="the step", findings=scope.findings)


def _acts_of(body: Record) -> tuple[Scalar, ...]:
    acts = _tolerant(body, "act")
    return tuple(entry.key for entry in acts.entries) if isinstance(acts, Record) else ()


def _tolerant(body: Record, key: str) -> Node | None:
    """Return the value of a key, also where the key is misspelt; that is reported later."""
    found = body.get(key)
    if found is None:
        for entry in body.entries:
            if (
                entry.key.text not in _STEP_WORDS
                and nearest(entry.key.text, [key])
                and not isinstance(entry.value, Scalar)
            ):
                return entry.value
    return found


def _every_step(node: Node) -> Iterator[tuple[Scalar, Record]]:
    """Yield id and body of every step inside a list, blocks before their content."""
    for item in node.items if isinstance(node, Listing) else ():
        if isinstance(item, Listing):
            yield from _every_step(item)
        for entry in item.entries if isinstance(item, Record) else ():
            if isinstance(entry.value, Record):
                yield entry.key, entry.value
                for inner in ("all", "any", "then", "else"):
                    nested = _tolerant(entry.value, inner)
                    if nested is not None:
                        yield from _every_step(nested)


class FlowReader:
    """Compile phases and blocks; the compiler does the plain steps."""

    def __init__(self, scope: Scope, notes: FlowNotes, compiler: StepCompiler) -> None:
        """Keep where names are declared and where notes go."""
        self.scope = scope
        self.notes = notes
        self.compiler = compiler

    def read(self, file: Reader) -> tuple[tuple[Phase, tuple[Step, ...]], ...]:
        """Return the phases with their steps."""
        flow = file.mapping("flow")
        found: list[tuple[Phase, tuple[Step, ...]]] = []
        for entry in flow.entries if flow else ():
            phase = self._phase(entry, found)
            steps = self.sequence(entry.value, phase, parent=None, what=f"the phase `{entry.key.text}`")
            found.append((phase, steps))
        if flow is not None and not flow.entries:
            self.scope.report("E012", flow.at, "the flow is empty", "begin with `receipt:` and a step by the applicant")
        return tuple(found)

    def _phase(self, entry: Entry, before: list[tuple[Phase, tuple[Step, ...]]]) -> Phase:
        order, name = _PHASES, entry.key.text
        if name not in order:
            self.scope.report("E010", entry.key.at, f"there is no phase `{name}`", did_you_mean(name, order))
            guess = nearest(name, order)
            return Phase(guess) if guess else (before[-1][0] if before else Phase.RECEIPT)
        if before and order.index(Phase(name)) < order.index(before[-1][0]):
            self.scope.report(
                "E016",
                entry.key.at,
                f"the phase `{name}` stands after `{before[-1][0]}`",
                f"the legal order is {' '.join(order)}",
            )
        return Phase(name)

    def sequence(self, node: Node, phase: Phase, *, parent: str | None, what: str) -> tuple[Step, ...]:
        """Return the steps of a list."""
        listing = expect(node, Listing, what=what, findings=self.scope.findings)
        if listing is None:
            self.scope.is_uncertain = True
            return ()
        if not listing.items:
            self.scope.report("E014", listing.at, f"{what} has no steps", "add a step, or leave it out")
        steps = [self._entry(item, phase, parent=parent) for item in listing.items]
        return tuple(step for step in steps if step is not None)

    def _entry(self, node: Node, phase: Phase, *, parent: str | None) -> Step | None:
        record = expect(node, Record, what="a step", findings=self.scope.findings)
        if record is None or not record.entries:
            self.scope.is_uncertain = True
            return None
        entry, *others = record.entries
        for other in others:
            self.scope.report(
                "E013",
                other.key.at,
                f"`{other.key.text}` stands beside the step `{entry.key.text}`",
                "indent it under the step, or begin a new entry with `- `",
            )
        body = expect(entry.value, Record, what=f"the step `{entry.key.text}`", findings=self.scope.findings)
        kind = self._kind(entry.key, body) if body is not None else None
        if body is None or kind is None:
            self.scope.is_uncertain = True
            return None
        return self.step(StepSource(entry.key, body, kind, phase, parent))

    def _kind(self, key: Scalar, body: Record) -> str | None:
        kinds = [entry for entry in body.entries if entry.key.text in STEP_KINDS]
        if any(entry.key.text == "open" for entry in kinds):
            kinds = [entry for entry in kinds if entry.key.text != "wait"]  # whether it waits for what it opens
        if len(kinds) > 1:
            self.scope.report(
                "E015",
                kinds[1].key.at,
                f"the step `{key.text}` has both `{kinds[0].key.text}` and `{kinds[1].key.text}`",
                "make two steps of it",
            )
        if kinds:
            return kinds[0].key.text
        for entry in body.entries:
            guess = nearest(entry.key.text, STEP_KINDS)
            if guess is not None:
                return self._misspelt(body, entry, guess)
        self.scope.report(
            "E015",
            key.at,
            f"the step `{key.text}` has no kind",
            "give it one of by, call, decide, wait, pay, issue, send, open, all, any, each, if, end",
        )
        return None

    def _misspelt(self, body: Record, entry: Entry, guess: str) -> str:
        body.aliases[entry.key.text] = guess
        return guess

    def step(self, source: StepSource) -> Step | None:
        """Return one compiled step."""
        if source.kind in ("all", "any"):
            return self._all(source)
        if source.kind == "if":
            return self._if(source)
        return self.compiler.compile(source)

    def _all(self, source: StepSource) -> Step:
        """Return a parallel block, of which all branches must be done (``all``) or the first (``any``)."""
        reader = Reader(source.body, STEP_KINDS[source.kind], at=source.key.at, findings=self.scope.findings)
        when = self._when(source, reader)
        node = reader.listing(source.kind)
        branches: list[tuple[Step, ...]] = []
        for item in node.items if node else ():
            if isinstance(item, Listing):
                branches.append(self.sequence(item, source.phase, parent=source.key.text, what="a branch"))
            else:
                step = self._entry(item, source.phase, parent=source.key.text)
                branches.append((step,) if step else ())
        if node is not None and len(branches) < 2:
            self.scope.report(
                "E014", node.at, f"`{source.kind}` needs at least two branches", "add a branch, or take the block away"
            )
        return AllStep(
            id=source.key.text,
            phase=source.phase,
            at=source.key.at,
            parent=source.parent,
            when=when.expression if when else None,
            branches=tuple(branches),
            is_race=source.kind == "any",
        )

    def _if(self, source: StepSource) -> Step:
        reader = Reader(source.body, words.IF, at=source.key.at, findings=self.scope.findings)
        checked = condition(reader, "if", self.scope)
        self.notes.read(source.key.text, checked)
        if checked is not None:
            self.notes.conditions[source.key.text] = checked
        then, otherwise = reader.record.get("then"), reader.record.get("else")
        return IfStep(
            id=source.key.text,
            phase=source.phase,
            at=source.key.at,
            parent=source.parent,
            condition=checked.expression if checked else unknown_expression(""),
            then=self.sequence(then, source.phase, parent=source.parent, what="`then`") if then else (),
            otherwise=self.sequence(otherwise, source.phase, parent=source.parent, what="`else`") if otherwise else (),
        )

    def _when(self, source: StepSource, reader: Reader) -> Checked | None:
        checked = condition(reader, "when", self.scope)
        if checked is not None:
            self.notes.whens[source.key.text] = checked
        return checked
