"""Hold the names that a definition declares, as far as they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workflows.domain.definition import Field, Location, Outcome, Role
from workflows.domain.expressions import Expression, Tree
from workflows.dsl.directory import Directory
from workflows.dsl.findings import Findings, did_you_mean, nearest
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


@dataclass
class Scope:
    """Gather every declaration of one file; sections are read in an order that fills it before it is asked.

    Attributes:
        directory: what exists outside the file.
        findings: where faults go.
        fields: by path.
        maybe_groups: groups that may be absent as a whole.
        lets: checked ``let`` expressions, in order.
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
    pages: dict[str, Location] = field(default_factory=dict)
    tables: dict[str, Location] = field(default_factory=dict)
    steps: dict[str, StepName] = field(default_factory=dict)
    never_written: frozenset[str] = frozenset()
    places: dict[str, Location] = field(default_factory=dict)
    outcome_at: dict[str, Location] = field(default_factory=dict)
    role_at: dict[str, Location] = field(default_factory=dict)
    near_at: dict[str, Location] = field(default_factory=dict)
    objection_acts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    materials: dict[str, Location] = field(default_factory=dict)
    is_uncertain: bool = False

    def report(self, code: str, at: Location, message: str, remedy: str) -> None:
        """Add one finding."""
        self.findings.report(code, at=at, message=message, remedy=remedy)

    def static_of(self, path: str) -> Static | None:
        """Return the type of a field or of what a step leaves behind (``approve.act``), or ``None``."""
        declared = self.fields.get(path)
        if declared is not None:
            return of_field(declared.type)
        step, _, fact = path.partition(".")
        known = self.steps.get(step)
        if known is None or not known.acts:
            return None
        facts = {"act": Static("enum", members=known.acts), "role": TEXT, "day": DATE}
        return facts.get(fact)

    def is_maybe(self, path: str) -> bool:
        """Return whether the field may be absent."""
        declared = self.fields.get(path)
        return declared is not None and declared.is_maybe

    def group_fields(self, group: str) -> Iterator[Field]:
        """Yield the fields of a group."""
        return (declared for declared in self.fields.values() if declared.group == group)

    def field_path(self, scalar: Scalar, *, what: str) -> str | None:
        """Return a declared field's path, the nearest one where it is misspelt, or ``None``; faults are reported."""
        if scalar.text in self.fields:
            return scalar.text
        self.report(
            "E111",
            scalar.at,
            f"{what} names `{scalar.text}`, but no such field is declared",
            did_you_mean(scalar.text, self.fields),
        )
        guess = nearest(scalar.text, self.fields)
        if guess is None:
            self.is_uncertain = True
        return guess

    def known(self, scalar: Scalar, names: Mapping[str, object], *, code: str, what: str) -> str | None:
        """Return a declared name, the nearest one where it is misspelt, or ``None``; faults are reported."""
        if scalar.text in names:
            return scalar.text
        self.report(code, scalar.at, f"there is no {what} `{scalar.text}`", did_you_mean(scalar.text, names))
        return nearest(scalar.text, names)


def unknown_expression(source: str) -> Expression:
    """Return a stand-in for an expression with faults; such a definition is never published."""
    return Expression(source=source, tree=("const", True), reads=frozenset())


__all__ = ["UNKNOWN", "Checked", "Reading", "Scope", "StepName", "unknown_expression"]
