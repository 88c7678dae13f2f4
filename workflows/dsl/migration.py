"""Read how cases of earlier versions move to this one (`migrate:`)."""

from collections.abc import Mapping
from types import MappingProxyType

from workflows.domain.definition import Facts
from workflows.domain.migration import Migration
from workflows.dsl import words
from workflows.dsl.scope import Scope
from workflows.dsl.shape import LARGEST_COUNT, Reader, expect
from workflows.dsl.source import Scalar


def read_migration(file: Reader, scope: Scope, *, facts: Facts | None) -> Migration | None:
    """Return the section, or ``None`` where there is none.

    What the earlier versions called their steps and fields is checked when cases move; that the new names exist, here.
    """
    section = file.sub("migrate", words.MIGRATE)
    if section is None:
        return None
    return Migration(
        section.at,
        _sources(section, newest=facts.version if facts else LARGEST_COUNT),
        MappingProxyType(_names(section, "steps", scope)),
        MappingProxyType(_names(section, "fields", scope)),
    )


def with_former_names(labels: Mapping[str, str], migration: Migration | None) -> Mapping[str, str]:
    """Return the labels with those of the steps that were renamed, so that the history of a moved case reads well."""
    renamed = migration.steps if migration else {}
    former = {f"step.{old}": labels[f"step.{new}"] for old, new in renamed.items() if f"step.{new}" in labels}
    return MappingProxyType({**former, **labels})


def _sources(section: Reader, *, newest: int) -> tuple[int, ...]:
    found = []
    for scalar in section.scalars("from", single=True):
        value = scalar.value
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < newest:
            message = f"`from` names earlier versions, and `{scalar.text}` is none below {newest}"
            section.report("E014", scalar.at, message, "write version numbers such as [2, 3], or leave it out")
        elif value in found:
            section.report("E021", scalar.at, f"version {value} stands twice", "keep one of them")
        else:
            found.append(value)
    return tuple(found)


def _names(section: Reader, key: str, scope: Scope) -> dict[str, str]:
    """Return old name -> new name; two old names that become one would lose what one of them holds."""
    found: dict[str, str] = {}
    mapping = section.mapping(key)
    for entry in mapping.entries if mapping else ():
        scalar = expect(entry.value, Scalar, what=f"what `{entry.key.text}` becomes", findings=scope.findings)
        if scalar is None:
            continue
        if key == "fields":
            name = scope.field_path(scalar, what="`migrate`")
        else:
            name = scope.known(scalar, scope.steps, code="E116", what="step")
        if name in found.values():
            message = f"two of the earlier {key} become `{name}`, so that one would be lost"
            scope.report("E021", scalar.at, message, "map only one of them")
        elif name is not None:
            found[entry.key.text] = name
    return found
