"""Read the ``scenarios`` block: what is given, what is run, what must come out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflows.domain.definition import Duration, Location, Scenario, Unit
from workflows.dsl import words
from workflows.dsl.findings import Finding, did_you_mean, nearest
from workflows.dsl.item import outcome
from workflows.dsl.names import check_identifier
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, duration_of, expect, scalars_of
from workflows.dsl.source import Entry, Node, Record, Scalar
from workflows.dsl.values import node_value

MISSING = "missing"
EVENTS = (
    "suspend",
    "resume",
    "extend",
    "urge",
    "withdraw",
    "hand_over",
    "appeal",
    "signers",
    "consult",
    "reply",
    "unanswered",
    "correct",
    "elapses",
)
"""Words of a run that belong to the case, not to a step."""

STEP_EVENTS: Mapping[str, tuple[str, ...]] = {
    "by": ("elapses", "returned"),
    "call": ("found", "absent", "mismatch", "unavailable", "done", "failed", "confirm"),
    "decide": (),
    "wait": ("elapses", "objection", "arrives"),
    "pay": ("paid", "failed", "unavailable", "revised", "elapses"),
    "issue": ("done", "failed", "confirm", "unavailable"),
    "send": ("done", "failed", "confirm", "unavailable"),
    "open": ("done", "refused", "withdrawn", "lapsed", "stands", "runs"),
    "all": (),
    "each": ("elapses",),
    "if": (),
    "end": (),
}
"""Words behind the step's name, beside its acts."""

_COUNTED = re.compile(r"(<=|>=|==|<|>)?\s*([0-9]+wd)\Z")
_UNITS = (Unit.WORKING_DAY, Unit.DAY, Unit.HOUR, Unit.WEEK, Unit.MONTH)


@dataclass(frozen=True, slots=True)
class RunEntry:
    """Hold one entry of a run.

    Attributes:
        step: step that it belongs to, or empty for an event of the case.
        word: act, result or event; empty for filling a step.
        at: where it stands.
        fields: values that are filled in with it.
        marks: what a supplement marks.
        options: further words, such as the ground of a suspension.
        after: how long after the entry before it, where stated.
    """

    step: str
    word: str
    at: Location
    fields: Mapping[str, object] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    after: Duration | None = None

    def __str__(self) -> str:
        """Return the entry as it is written."""
        return ".".join(part for part in (self.step, self.word) if part)


def read_scenarios(file: Reader, scope: Scope, kinds: Mapping[str, str]) -> tuple[Scenario, ...]:
    """Return the scenarios; ``kinds`` gives the kind of every step."""
    record = file.mapping("scenarios")
    found: list[Scenario] = []
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the scenario", findings=scope.findings, reserved=False)
        body = expect(entry.value, Record, what=f"the scenario `{entry.key.text}`", findings=scope.findings)
        if body is None:
            continue
        reader = Reader(body, words.SCENARIO, at=entry.key.at, findings=scope.findings)
        run = tuple(_RunReader(scope, kinds).read(reader))
        given = _given(reader, scope)
        start = _start(reader)
        found.append(
            Scenario(
                entry.key.text, given | ({"start": start} if start else {}), run, _expect(reader, scope), entry.key.at
            )
        )
    return tuple(found)


def _start(reader: Reader) -> date | None:
    scalar = reader.scalar("start")
    if scalar is None:
        return None
    try:
        return date.fromisoformat(scalar.text)
    except ValueError:
        reader.report("E124", scalar.at, f"`{scalar.text}` is no day", 'write a day such as "2026-03-02"')
        return None


def _given(reader: Reader, scope: Scope) -> dict[str, object]:
    record = reader.mapping("given")
    values: dict[str, object] = {}
    for entry in record.entries if record else ():
        group = entry.key.text
        if group not in scope.groups:
            finding = Finding(entry.key.at, "E111", f"there is no group `{group}`", did_you_mean(group, scope.groups))
            scope.unresolved("group", group, guess=nearest(group, scope.groups), finding=finding)
            continue
        scope.blame.use("group", group)
        if isinstance(entry.value, Scalar) and entry.value.text == MISSING:
            values |= {declared.path: None for declared in scope.group_fields(group)}
            continue
        body = expect(entry.value, Record, what=f"the group `{group}`", findings=scope.findings)
        for inner in body.entries if body else ():
            _value(f"{group}.{inner.key.text}", inner, values, scope)
    return values


def _value(path: str, entry: Entry, values: dict[str, object], scope: Scope) -> None:
    if path in scope.given_facts and isinstance(entry.value, Scalar):
        values[path] = entry.value.value is True
        if not isinstance(entry.value.value, bool):
            scope.report("E124", entry.value.at, f"`{path}` is true or false", "write `true` or `false`")
        return
    found = scope.find_field(path, at=entry.key.at, code="E111", message=f"no field `{path}` is declared")
    if found is None:
        return
    if isinstance(entry.value, Scalar) and entry.value.text == MISSING:
        values[found] = None
    else:
        values[found] = node_value(entry.value, scope.fields[found], scope, code="E124")


def _expect(reader: Reader, scope: Scope) -> dict[str, object]:
    record = reader.mapping("expect")
    found: dict[str, object] = {}
    for entry in record.entries if record else ():
        key = entry.key.text
        if "." in key and key not in scope.fields and scope.static_of(key) is not None:
            found[key] = entry.value.value if isinstance(entry.value, Scalar) else None
        elif "." in key:
            _value(key, entry, found, scope)
        elif key in words.EXPECT.keys:
            found[key] = _expectation(key, entry.value, scope)
        else:
            scope.report(
                "E010",
                entry.key.at,
                f"`expect` has no key `{key}`",
                did_you_mean(key, [*words.EXPECT.keys, *scope.fields]),
            )
    return found


def _expectation(key: str, node: Node, scope: Scope) -> object:
    if key in ("happenings", "documents", "absent"):
        return tuple(
            _listed(key, scalar, scope) for scalar in scalars_of(node, what=f"`{key}`", findings=scope.findings)
        )
    if key == "visits":
        record = expect(node, Record, what="`visits`", findings=scope.findings)
        return {entry.key.text: _visits(entry, scope) for entry in record.entries} if record else {}
    scalar = expect(node, Scalar, what=f"`{key}`", findings=scope.findings)
    if scalar is None:
        return None
    if key == "outcome":
        return outcome(scalar, scope)
    if key == "licence":
        return scope.known(scalar, scope.directory.licences, code="E119", what="licence")
    if key == "counted" and _COUNTED.match(scalar.text) is None:
        scope.report(
            "E124", scalar.at, f"`{scalar.text}` says nothing about working days", 'write for example "<= 15wd"'
        )
    if key == "status":
        scope.known(scalar, dict.fromkeys(("draft", "open", "suspended", "closed")), code="E124", what="status")
    return scalar.text


def _listed(key: str, scalar: Scalar, scope: Scope) -> str:
    if key == "absent":
        return scope.field_path(scalar, what="`absent`") or ""
    if key == "documents":
        scope.known(scalar, dict.fromkeys(scope.directory.notices), code="E120", what="notice")
    return scalar.text


def _visits(entry: Entry, scope: Scope) -> int:
    scope.known(entry.key, scope.steps, code="E116", what="step")
    value = entry.value.value if isinstance(entry.value, Scalar) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    scope.report("E124", entry.value.at, "a number of visits is needed here", "write plain digits")
    return 0


class _RunReader:
    """Read the entries of one run."""

    def __init__(self, scope: Scope, kinds: Mapping[str, str]) -> None:
        self.scope = scope
        self.kinds = kinds

    def read(self, reader: Reader) -> Iterator[RunEntry]:
        """Yield the entries in order; ``{after: 3wd}`` belongs to the entry behind it."""
        listing = reader.listing("run")
        after: Duration | None = None
        for item in listing.items if listing else ():
            if isinstance(item, Record) and len(item.entries) == 1 and item.entries[0].key.text == "after":
                after = self._after(item.entries[0])
                continue
            entry = self._entry(item, after)
            after = None
            if entry is not None:
                yield entry
        if after is not None and listing is not None:
            yield RunEntry("", "pass", listing.at, after=after)

    def _after(self, entry: Entry) -> Duration | None:
        scalar = expect(entry.value, Scalar, what="`after`", findings=self.scope.findings)
        return duration_of(scalar, what="`after`", units=_UNITS, findings=self.scope.findings) if scalar else None

    def _entry(self, node: Node, after: Duration | None) -> RunEntry | None:
        if isinstance(node, Scalar):
            return self._named(node, None, after)
        record = expect(node, Record, what="an entry of `run`", findings=self.scope.findings)
        if record is None or len(record.entries) != 1:
            self.scope.report(
                "E124", node.at, "an entry of `run` is a name, or one name with its content", "write `{step: {…}}`"
            )
            return None
        entry = record.entries[0]
        body = expect(entry.value, Record, what=f"the content of `{entry.key.text}`", findings=self.scope.findings)
        return self._named(entry.key, body, after)

    def _named(self, name: Scalar, body: Record | None, after: Duration | None) -> RunEntry | None:
        if name.text in EVENTS:
            options = {e.key.text: e.value.text for e in body.entries if isinstance(e.value, Scalar)} if body else {}
            return RunEntry("", name.text, name.at, options=options, after=after)
        step, _, word = name.text.partition(".")
        step = self._step(step, name) or ""
        if not step:
            return None
        if word:
            word = self._word(step, word, name) or ""
            if not word:
                return None
        fields, marks, options = self._content(body)
        return RunEntry(step, word, name.at, fields=fields, marks=marks, options=options, after=after)

    def _step(self, step: str, name: Scalar) -> str | None:
        if step in self.scope.steps:
            self.scope.blame.use("step", step)
            return step
        known = [*self.scope.steps, *EVENTS]
        finding = Finding(name.at, "E116", f"there is no step `{step}` to run", did_you_mean(step, known))
        guess = nearest(step, self.scope.steps)
        self.scope.unresolved("step", step, guess=guess, finding=finding)
        return guess

    def _word(self, step: str, word: str, name: Scalar) -> str | None:
        known = [*self.scope.acts_at(step), *STEP_EVENTS.get(self.kinds.get(step, ""), ())]
        if word in known:
            self.scope.blame.use(f"act:{step}", word)
            return word
        at = name.inside(name.text.index(".") + 1)
        finding = Finding(at, "E115", f"the step `{step}` knows no `{word}`", did_you_mean(word, known))
        self.scope.unresolved(f"act:{step}", word, guess=nearest(word, known), finding=finding)
        return nearest(word, known)

    def _content(self, body: Record | None) -> tuple[dict[str, object], tuple[str, ...], dict[str, str]]:
        fields: dict[str, object] = {}
        marks: tuple[str, ...] = ()
        options: dict[str, str] = {}
        for entry in body.entries if body else ():
            key = entry.key.text
            if key == "mark":
                marks = tuple(
                    self._mark(s) for s in scalars_of(entry.value, what="`mark`", findings=self.scope.findings)
                )
            elif key == "signer" and isinstance(entry.value, Scalar):
                options[key] = entry.value.text
            else:
                _value(key, entry, fields, self.scope)
        return fields, marks, options

    def _mark(self, scalar: Scalar) -> str:
        if scalar.text in self.scope.materials:
            return scalar.text
        return self.scope.field_path(scalar, what="`mark`") or scalar.text
