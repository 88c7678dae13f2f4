"""Say in plain words everything that an item says: one table that versions are compared by and uses are found in.

It walks the compiled definition itself, so that a new word of the language is compared as soon as it compiles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from gov_portal.kernel.types import FieldType
from workflows.domain.definition import Definition, Duration, Location, Step, Table, inner_sequences
from workflows.domain.expressions import Expression
from workflows.dsl.texts import acts_of

Attributes = Mapping[str, str]
"""Attribute -> what it says, as text."""

Outline = Mapping[str, Mapping[str, Attributes]]
"""Section -> name in it -> its attributes; sections and names in the order of the file."""

ACT = "act"
"""Section of the acts, named ``<step>.<act>``."""

_OWN_SECTIONS = frozenset({"hash", "facts", "fields", "maybe_groups", "lets", "tables", "flow", "labels", "scenarios"})
_UNSAID = frozenset({"at", "id", "acts"})


def outline(definition: Definition) -> Outline:
    """Return the outline of an item."""
    found: dict[str, dict[str, Attributes]] = {
        "item": {"": dict(_said(definition.facts))},
        "field": {
            path: {"type": ("maybe " if field.is_maybe else "") + field.type.name}
            for path, field in definition.fields.items()
        },
        "let": {name: {"rule": expression.source} for name, expression in definition.lets.items()},
    }
    for name in (field.name for field in fields(definition)):
        if name not in _OWN_SECTIONS:
            found[_SINGULAR.get(name, name)] = _section(getattr(definition, name))
    found["table"] = {name: _table(table) for name, table in definition.tables.items()}
    steps: dict[str, Attributes] = {}
    acts: dict[str, Attributes] = {}
    for phase, sequence in definition.flow:
        _steps(sequence, found=steps, acts=acts, place={"phase": phase.value})
    found["step"], found[ACT] = steps, acts
    found["label"] = {key: {"text": text} for key, text in definition.labels.items()}
    return found


_SINGULAR = {
    "prefills": "prefill",
    "pages": "page",
    "materials": "material",
    "roles": "role",
    "conditions": "condition",
    "outcomes": "outcome",
}


def _section(holder: object) -> dict[str, Attributes]:
    """Return the entries of a section of any shape: a mapping, a list of things with a name, or one thing."""
    if isinstance(holder, Mapping):
        return {str(name): dict(_said(value)) for name, value in holder.items()}
    if isinstance(holder, tuple | frozenset):
        return {_name_of(one, number): dict(_said(one)) for number, one in enumerate(holder, start=1)}
    if is_dataclass(holder):
        said = ((field.name, getattr(holder, field.name)) for field in fields(holder))
        return {name: dict(_said(value)) for name, value in said if value not in (None, (), "") and name != "at"}
    return {} if holder is None else {"": dict(_said(holder))}


def _name_of(one: object, number: int) -> str:
    for attribute in ("id", "source", "text", "name"):
        name = getattr(one, attribute, None)
        if isinstance(name, str):
            return name
    return str(number)


def _steps(
    sequence: tuple[Step, ...], *, found: dict[str, Attributes], acts: dict[str, Attributes], place: Attributes
) -> None:
    before = ""
    for step in sequence:
        kind = type(step).__name__.removesuffix("Step").lower()
        found[step.id] = {"kind": kind, **place, "after": before, **dict(_said(step))}
        for act in acts_of(step):
            acts[f"{step.id}.{act.id}"] = dict(_said(act))
        for number, inner in enumerate(inner_sequences(step), start=1):
            _steps(inner, found=found, acts=acts, place={**place, "branch": f"{step.id}:{number}"})
        before = step.id


def _table(table: Table) -> Attributes:
    said = {"in": ", ".join(table.inputs), "out": ", ".join(table.outputs), "hit": table.hit}
    rows = {
        "row " + ", ".join(_cell(cell) for cell in cells): ", ".join(map(text_of, outputs))
        for cells, outputs in table.rows
    }
    return {**said, **rows}


def _cell(cell: tuple[object, ...]) -> str:
    match cell:
        case ("is", value):
            return text_of(value)
        case ("in", values):
            return f"[{text_of(values)}]"
        case ("range", low, high):
            return f"{'' if low is None else low}..{'' if high is None else high}"
    return str(cell[0])


def _said(thing: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the attributes of a thing that say something; those of things inside it by dotted names."""
    if not is_dataclass(thing) or isinstance(thing, Expression | Duration | FieldType):
        if thing not in (None, (), "", False) and (thing or thing == 0):
            yield prefix.rstrip(".") or "is", text_of(thing)
        return
    for name in (field.name for field in fields(thing)):
        value = getattr(thing, name)
        if name not in _UNSAID and not isinstance(value, Location) and not _holds_steps(value):
            yield from _said(value, f"{prefix}{name}.")


def _holds_steps(value: object) -> bool:
    return isinstance(value, tuple) and any(
        hasattr(one, "phase") or (isinstance(one, tuple) and any(hasattr(two, "phase") for two in one)) for one in value
    )


def text_of(value: object) -> str:
    """Return a value of a definition as text; lists are joined by commas."""
    match value:
        case Expression():
            return value.source
        case FieldType():
            return value.name
        case Enum():
            return str(value.value)
        case bool():
            return "true" if value else "false"
        case Mapping():
            return ", ".join(f"{key}: {text_of(one)}" for key, one in value.items())
        case frozenset():
            return ", ".join(sorted(map(text_of, value)))
        case tuple():
            return ", ".join(map(text_of, value))
        case Duration():
            return str(value)
    if is_dataclass(value):
        return " ".join(text for _, text in _said(value))
    return str(value)
