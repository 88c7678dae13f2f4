"""Read what an item is made of: the parts of `link`, and what single steps open."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from workflows.domain.definition import Definition, Location
from workflows.dsl import words
from workflows.dsl.bundles.shelf import Shelf
from workflows.dsl.findings import Findings, LintReport, did_you_mean
from workflows.dsl.names import check_identifier
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Listing, Node, Record, Scalar

MOST_PARTS = 30
Compile = Callable[[str, str, tuple[str, ...]], LintReport]
"""Lint text and file of another item, met behind these items."""

_CIRCLE = "E851"


@dataclass(frozen=True)
class Circumstances:
    """Hold where other items are found, how they are compiled, and behind which items this one is met."""

    shelf: Shelf
    compile: Compile
    findings: Findings
    trail: tuple[str, ...] = ()

    def report(self, code: str, at: Location, message: str, remedy: str) -> None:
        """Add one finding."""
        self.findings.report(code, at=at, message=message, remedy=remedy)

    def item(self, name: Scalar) -> Definition | None:
        """Return another item; one that is not there, has errors or leads back here is reported."""
        if name.text in self.trail:
            chain = " → ".join((*self.trail[self.trail.index(name.text) :], name.text))
            self.report(_CIRCLE, name.at, f"the items open each other in a circle: {chain}", "take one of them out")
            return None
        found = self.shelf.find(name.text)
        if found is None:
            self.report("E850", name.at, f"there is no item `{name.text}`", did_you_mean(name.text, self.shelf.known))
            return None
        report = self.compile(*found, self.trail)
        definition = next((one for one in report.definitions if one.facts.id == name.text), None)
        if definition is None:
            circle = next((fault for fault in report.errors if fault.code == _CIRCLE), None)
            code, message = (circle.code, circle.message) if circle else ("E850", f"`{name.text}` has errors itself")
            self.report(code, name.at, message, "take one of them out" if circle else f"mend `{found[1]}` first")
        elif not definition.is_startable or definition.start.about is not None:
            message = f"`{name.text}` is about another case or a licence, so nothing can open it beside others"
            self.report("E850", name.at, message, "take it out")
            return None
        return definition


@dataclass(frozen=True)
class Part:
    """Hold one part as it is written, with its item compiled.

    Attributes:
        takes: field of the item -> field of this file, with the place of the name.
        gives: field of this file -> field of the item, with the place of the name.
    """

    name: str
    at: Location
    item: Definition
    required: Scalar | None = None
    is_optional: bool = False
    after: tuple[str, ...] = ()
    takes: Mapping[str, tuple[str, Location]] = field(default_factory=dict)
    gives: Mapping[str, tuple[str, Location]] = field(default_factory=dict)

    @property
    def guard(self) -> str:
        """Return the condition under which the part belongs to the bundle, empty where it always does."""
        return f"with_{self.name}" if self.required is not None or self.is_optional else ""

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the fields that the item's own application asks or is given, in the order of their declaration."""
        return application_of(self.item)

    @property
    def shared(self) -> tuple[str, ...]:
        """Return those of them that the one form asks in its stead."""
        return tuple(path for path in self.wanted if path not in self.takes)


def application_of(item: Definition) -> tuple[str, ...]:
    """Return every field that stands on a page or is prefilled."""
    found = {one.path for page in item.pages for one in page.fields}
    found |= {path for prefill in item.prefills for path in prefill.gives}
    return tuple(path for path in item.fields if path in found)


def read_parts(link: Node, around: Circumstances) -> tuple[Part, ...]:
    """Return the parts of a bundle, in order; faults are reported where they stand."""
    record = expect(link, Record, what="`link`", findings=around.findings)
    if record is None:
        return ()
    if not 2 <= len(record.entries) <= MOST_PARTS:
        around.report("E014", record.at, f"a bundle has from 2 to {MOST_PARTS} parts", "name its items under `link`")
    parts: list[Part] = []
    for entry in record.entries:
        check_identifier(entry.key, what="the part", findings=around.findings, reserved=False)
        body = expect(entry.value, Record, what=f"the part `{entry.key.text}`", findings=around.findings)
        if body is None:
            continue
        reader = Reader(body, words.PART, at=entry.key.at, findings=around.findings)
        part = _part(entry.key, reader, parts, around)
        if part is not None:
            parts.append(part)
    if parts and all(part.guard for part in parts):
        message = "no part surely belongs to the bundle, so it may open nothing"
        around.report("E852", record.at, message, "leave `required` and `optional` away at one part")
    return tuple(parts)


def _part(key: Scalar, reader: Reader, before: list[Part], around: Circumstances) -> Part | None:
    name = reader.scalar("item")
    item = around.item(name) if name is not None else None
    after = tuple(_after(one, key, before, around) for one in reader.scalars("after", single=True))
    is_optional = reader.flag("optional")
    required = reader.scalar("required")
    if item is None:
        return None
    return Part(
        key.text,
        key.at,
        item,
        required=required,
        is_optional=is_optional,
        after=tuple(one for one in after if one),
        takes=_fields(reader, "takes", around, inner=application_of(item), item=item),
        gives=_fields(reader, "gives", around, inner=tuple(item.fields), item=item),
    )


def _after(name: Scalar, key: Scalar, before: Iterable[Part], around: Circumstances) -> str:
    known = [part.name for part in before]
    if name.text in known:
        return name.text
    message = f"`{key.text}` comes after `{name.text}`, but no such part stands above it"
    around.report("E852", name.at, message, did_you_mean(name.text, known) if known else "take `after` out")
    return ""


def read_fields(
    reader: Reader, key: str, around: Circumstances, *, item: Definition
) -> Mapping[str, tuple[str, Location]]:
    """Return what `takes` or `gives` of a step says about the fields of another item."""
    inner = application_of(item) if key == "takes" else tuple(item.fields)
    return _fields(reader, key, around, inner=inner, item=item)


def _fields(
    reader: Reader, key: str, around: Circumstances, *, inner: tuple[str, ...], item: Definition
) -> dict[str, tuple[str, Location]]:
    """Return a list of fields, alike on both sides, or a mapping from the one that gets to the one that gives."""
    node = reader.record.get(key)
    found: dict[str, tuple[str, Location]] = {}
    if isinstance(node, Record):
        pairs = [(one.key, one.value) for one in node.entries]
    elif isinstance(node, Listing):
        pairs = [(one, one) for one in node.items if isinstance(one, Scalar)]
    else:
        pairs = []
        if node is not None:
            around.report("E013", node.at, f"`{key}` is a list of fields, or a mapping", "write `[group.name, …]`")
    for left, right in pairs:
        if not isinstance(right, Scalar):
            around.report("E013", right.at, f"`{key}` names one field for another", "write `group.name`")
            continue
        theirs, place = (left, left.at) if key == "takes" else (right, right.at)
        if theirs.text not in inner:
            verb = "asks for no" if key == "takes" else "has no field"
            message = f"`{item.facts.id}` {verb} `{theirs.text}`"
            around.report("E854", theirs.at, message, did_you_mean(theirs.text, inner))
            continue
        found[left.text] = (right.text, place)
    return found
