"""Hold the names that a definition declares, as far as they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.domain.definition import Field, Location, Outcome, Party, Role
from workflows.domain.expressions import Expression, Tree
from workflows.dsl.blame import Blame, Unresolved
from workflows.dsl.directory import Directory
from workflows.dsl.findings import MOST_FINDINGS, Finding, Findings, did_you_mean, nearest
from workflows.dsl.source import Scalar
from workflows.dsl.statics import DATE, TEXT, UNKNOWN, Static, of_field


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold one place where a field is read.

    Attributes:
        path: the field.
        at: where the name stands.
        facts: conditions that are certain at this place, as trees.
    """

    path: str
    at: Location
    facts: frozenset[Tree] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold a checked expression with its type and every place where it reads a field or a let."""

    expression: Expression
    static: Static
    readings: tuple[Reading, ...]
    let_readings: tuple[tuple[str, Location], ...]
    at: Location


@dataclass
class StepName:
    """Hold what is known of a step before its content is read: its acts, for ``approve.act``."""

    id: str
    at: Location
    acts: tuple[str, ...] = ()
    index: int = 0
    facts: Mapping[str, Static] = field(default_factory=dict)


@dataclass
class Scope:
    """Gather every declaration of one file; sections are read in an order that fills it before it is asked.

    Attributes:
        directory: what exists outside the file.
        findings: where faults go.
        fields: by path.
        maybe_groups: groups that may be absent as a whole.
        own_maybe: fields that may be absent even where their group is there.
        lets: checked ``let`` expressions, in order.
        blame: declarations and uses of names, to tell which of two spellings is the wrong one.
        about: kind of the licence that a case is about.
        given_facts: what is known from the submission on beside fields, such as ``premises.promised``.
        led_to: outcomes that something beside the flow leads to.
        misnamed: places that name a field wrongly; their types are not compared.
        broken_types: fields whose type could not be read; nothing is said about how they are used.
        is_uncertain: something that writes fields could not be read, so nothing is said about missing writes.
    """

    directory: Directory
    findings: Findings
    fields: dict[str, Field] = field(default_factory=dict)
    maybe_groups: set[str] = field(default_factory=set)
    groups: dict[str, Location] = field(default_factory=dict)
    lets: dict[str, Checked] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    party_at: dict[str, Location] = field(default_factory=dict)
    pages: dict[str, Location] = field(default_factory=dict)
    tables: dict[str, Location] = field(default_factory=dict)
    steps: dict[str, StepName] = field(default_factory=dict)
    never_written: frozenset[str] = frozenset()
    places: dict[str, Location] = field(default_factory=dict)
    outcome_at: dict[str, Location] = field(default_factory=dict)
    role_at: dict[str, Location] = field(default_factory=dict)
    own_maybe: set[str] = field(default_factory=set)
    asked_at: dict[str, Location] = field(default_factory=dict)
    near_at: dict[str, Location] = field(default_factory=dict)
    objection_acts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    materials: dict[str, Location] = field(default_factory=dict)
    about: str | None = None
    given_facts: dict[str, Static] = field(default_factory=dict)
    led_to: set[str] = field(default_factory=set)
    blame: Blame = field(default_factory=Blame)
    misnamed: set[Location] = field(default_factory=set)
    broken_types: set[str] = field(default_factory=set)
    is_uncertain: bool = False

    def report(self, code: str, at: Location, message: str, remedy: str) -> None:
        """Add one finding."""
        self.findings.report(code, at=at, message=message, remedy=remedy)

    def static_of(self, path: str) -> Static | None:
        """Return the type of a field or of what a step leaves behind (``approve.act``), or ``None``."""
        declared = self.fields.get(path)
        if declared is not None:
            return UNKNOWN if path in self.broken_types else replace(of_field(declared.type), origin=path)
        if path in self.given_facts:
            return self.given_facts[path]
        step, _, fact = path.partition(".")
        known = self.steps.get(step)
        if known is not None and fact in known.facts:
            return known.facts[fact]
        if known is None or not known.acts:
            return None
        facts = {"act": Static("enum", members=known.acts, origin=f"{step}.act"), "role": TEXT, "day": DATE}
        return facts.get(fact)

    def is_maybe(self, path: str) -> bool:
        """Return whether the field may be absent."""
        declared = self.fields.get(path)
        return declared is not None and declared.is_maybe

    def acts_at(self, step: str) -> tuple[str, ...]:
        """Return the acts of a step, those upon what happens while it waits included."""
        return (*self.steps[step].acts, *self.objection_acts.get(step, ()))

    def group_fields(self, group: str) -> Iterator[Field]:
        """Yield the fields of a group."""
        return (declared for declared in self.fields.values() if declared.group == group)

    def unresolved(self, space: str, name: str, *, guess: str | None, finding: Finding) -> None:
        """Remember a name that is not declared; it is reported when the whole file is read."""
        self.blame.unresolved.append(Unresolved(space, name, guess, finding))
        if len(self.blame.unresolved) > MOST_FINDINGS:
            self.findings.stop(finding.at)

    def field_path(self, scalar: Scalar, *, what: str) -> str | None:
        """Return a declared field's path, the nearest one where it is misspelt, or ``None``; faults are reported."""
        message = f"{what} names `{scalar.text}`, but no such field is declared"
        path = self.find_field(scalar.text, at=scalar.at, code="E111", message=message)
        if path is None:
            self.is_uncertain = True
        return path

    def find_field(self, path: str, *, at: Location, code: str, message: str) -> str | None:
        """Return the path where it is declared, else the nearest one, and remember the fault."""
        group, _, name = path.partition(".")
        if path in self.fields:
            self.blame.use("field", path)
            self.blame.use("group", group)
            return path
        self.misnamed.add(at)
        if group not in self.groups:
            near = nearest(group, self.groups)
            guess = f"{near}.{name}" if f"{near}.{name}" in self.fields else None
            if guess is not None:
                finding = Finding(at, code, message, f"did you mean `{guess}`?")
                self.unresolved("group", group, guess=near, finding=finding)
                return guess
        siblings = {declared.path.partition(".")[2]: declared.path for declared in self.group_fields(group)}
        guess = siblings.get(nearest(name, siblings) or "")
        if guess is None:
            guess = next(
                (
                    other
                    for other in self.fields
                    if other.partition(".")[2] == name and nearest(group, [other.partition(".")[0]])
                ),
                None,
            )
        pool = siblings.values() if siblings else self.fields
        finding = Finding(at, code, message, f"did you mean `{guess}`?" if guess else did_you_mean(path, pool))
        self.unresolved("field", path, guess=guess, finding=finding)
        return guess

    def known(
        self, scalar: Scalar, names: Mapping[str, object], *, code: str, what: str, space: str = ""
    ) -> str | None:
        """Return a declared name, the nearest one where it is misspelt, or ``None``; faults are reported."""
        space = space or _SPACES.get(code, code)
        if scalar.text in names:
            self.blame.use(space, scalar.text)
            return scalar.text
        guess = nearest(scalar.text, names)
        finding = Finding(scalar.at, code, f"there is no {what} `{scalar.text}`", did_you_mean(scalar.text, names))
        self.unresolved(space, scalar.text, guess=guess, finding=finding)
        return guess

    def member(self, text: str, path: str, members: tuple[str, ...], *, at: Location) -> str | None:
        """Return a member of an enum field, the nearest one where it is misspelt, or ``None``."""
        space = f"member:{path}"
        if text in members:
            self.blame.use(space, text)
            return text
        guess = nearest(text, members)
        name = f"`{path}`" if path else str(Static("enum", members))
        finding = Finding(at, "E104", f"`{text}` is no member of {name}", did_you_mean(text, members))
        self.unresolved(space, text, guess=guess, finding=finding)
        return guess


_SPACES = {
    "E112": "role",
    "E113": "page",
    "E114": "table",
    "E116": "step",
    "E117": "outcome",
}


def unknown_expression(source: str) -> Expression:
    """Return a stand-in for an expression with faults; such a definition is never published."""
    return Expression(source=source, tree=("const", True), reads=frozenset())


__all__ = ["UNKNOWN", "Checked", "Reading", "Scope", "StepName", "unknown_expression"]
