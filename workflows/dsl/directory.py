"""Hold what definitions may name outside their own file: resources, licences, departments, items, notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from gov_portal.kernel.types import TypeSpellingInvalid, parse_type
from workflows.dsl.findings import DefinitionInvalid, Findings
from workflows.dsl.source import Listing, Node, Record, Scalar, load


@dataclass(frozen=True)
class Directory:
    """Hold the directory (目录) of the platform.

    Attributes:
        resources: resource id -> field name -> type spelling; ``key`` is the type that it is asked by.
        licences: licence kind -> ordered types of what is printed on it.
        items: ids, or last parts of ids, of items that may be opened by an appeal.
        departments: codes such as ``dept.cdpf``.
        purposes: purposes that a share of data may name.
        notices: names of documents that an act may issue.
        calendars: names of working-day calendars.
        constants: division codes by name, such as ``province``.
        account: fields that an account knows, with their types.
        papers: name of a paper -> the licence or resource that has what stands on it.
        licence_fields: licence kind -> name of each printed value -> type, in order.
        predicates: yes-or-no resources, with the type that they are asked by.
        events: what departments tell of a person, with the type of the key that names the person.
    """

    resources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    licences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    account: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    licence_fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    predicates: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def default_directory() -> Directory:
    """Return the directory that the package ships, ``workflows/items/directory.yaml``."""
    source = files("workflows") / "items" / "directory.yaml"
    return read_directory(source.read_text(encoding="utf-8"), file="workflows/items/directory.yaml")


def read_directory(text: str, *, file: str) -> Directory:
    """Read a directory from YAML.

    Raises:
        DefinitionInvalid: the file has faults.
    """
    findings = Findings()
    record = load(text, file=file, findings=findings)
    if record is None or findings.has_errors:
        raise DefinitionInvalid(findings.sorted())
    directory = Directory(
        resources={key: _texts(value) for key, value in _entries(record.get("resources"))},
        licences={
            key: _list(value) or tuple(_texts(value).values()) for key, value in _entries(record.get("licences"))
        },
        licence_fields={key: _texts(value) for key, value in _entries(record.get("licences"))},
        predicates=_texts(record.get("predicates")),
        events=_texts(record.get("events")),
        items=frozenset(_list(record.get("items"))),
        departments=frozenset(_list(record.get("departments"))),
        purposes=frozenset(_list(record.get("purposes"))),
        notices=frozenset(_list(record.get("notices"))),
        calendars=frozenset(_list(record.get("calendars"))),
        constants=_texts(record.get("constants")),
        account=_texts(record.get("account")),
        papers=_texts(record.get("papers")),
    )
    _check_types(directory, record, findings)
    if findings.has_errors:
        raise DefinitionInvalid(findings.sorted())
    return directory


def _check_types(directory: Directory, record: Record, findings: Findings) -> None:
    spellings = [spelling for types in directory.resources.values() for spelling in types.values()]
    spellings += [spelling for types in directory.licences.values() for spelling in types]
    spellings += [*directory.account.values(), *directory.predicates.values(), *directory.events.values()]
    for spelling in spellings:
        try:
            parse_type(spelling)
        except TypeSpellingInvalid as error:
            findings.report("E110", at=record.at, message=error.reason, remedy=error.remedy)


def _entries(node: Node | None) -> list[tuple[str, Node]]:
    return [(entry.key.text, entry.value) for entry in node.entries] if isinstance(node, Record) else []


def _texts(node: Node | None) -> dict[str, str]:
    return {key: value.text for key, value in _entries(node) if isinstance(value, Scalar)}


def _list(node: Node | None) -> tuple[str, ...]:
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Listing) else ()
