"""Put arguments in the places of ``$name``: whole values, parts of texts, keys, spliced lists and mappings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workflows.domain.definition import Location
from workflows.dsl.findings import Findings, did_you_mean
from workflows.dsl.scalars import resolve
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

_PLACE = re.compile(r"\$([a-z][a-z0-9_]*)")
ALSO = "also"
"""Key of a template whose mapping is spliced in: ``act: {ok: …, also: $acts}``."""
ONLY_WITH = "only_with"
WITHOUT = "without"
"""Keys of a template that keep or drop the mapping that holds them."""
_WORDS = (ALSO, ONLY_WITH, WITHOUT)
MOST_NODES = 20_000
"""Of one definition; the longest written by hand has under two thousand."""


class TooLarge(Exception):
    """Stop an expansion that grows without measure."""


@dataclass
class Budget:
    """Count the nodes that one file expands to."""

    left: int = MOST_NODES

    def spend(self, nodes: int = 1) -> None:
        """Take some nodes.

        Raises:
            TooLarge: there were too many.
        """
        self.left -= nodes
        if self.left < 0:
            raise TooLarge


@dataclass(frozen=True)
class Body:
    """Hold what is expanded again and again.

    Attributes:
        sizes: how many nodes hang on each part in which nothing is put in place, by its ``id``: such a part is shared.
    """

    record: Record
    sizes: Mapping[int, int]

    @classmethod
    def of(cls, record: Record) -> "Body":
        """Look once for the parts that every expansion shares."""
        sizes: dict[int, int] = {}
        _measure(record, sizes)
        return cls(record, sizes)


def _measure(node: Node, sizes: dict[int, int]) -> int:
    """Note the size of every part that is fixed, and return that of ``node``; 0 where it is not."""
    match node:
        case Scalar():
            size = 0 if "$" in node.text else 1
        case Listing():
            size = _sum([_measure(item, sizes) for item in node.items])
        case Record():
            size = _sum([_measured(entry, sizes) for entry in node.entries])
    if size:
        sizes[id(node)] = size
    return size


def _measured(entry: Entry, sizes: dict[int, int]) -> int:
    size, key = _measure(entry.value, sizes), entry.key.text
    if "$" in key or key in _WORDS:
        return 0
    if size:
        sizes[id(entry)] = size
    return size


def _sum(sizes: list[int]) -> int:
    return 1 + sum(sizes) if all(sizes) else 0


@dataclass(frozen=True)
class Substitution:
    """Copy nodes with arguments in place; what an argument that was left out stands for falls away.

    Attributes:
        arguments: value of every parameter, ``None`` where it was left out.
        kinds: types of the parameters, for those that are expressions.
    """

    arguments: Mapping[str, Node | None]
    kinds: Mapping[str, str]
    budget: Budget
    findings: Findings

    def record(self, body: Body) -> Record:
        """Return a copy of a whole mapping."""
        copied = self._copy(body.record, body.sizes)
        return copied if isinstance(copied, Record) else Record((), body.record.at)

    def _copy(self, node: Node, sizes: Mapping[int, int]) -> Node | None:
        size = sizes.get(id(node))
        if size is not None:
            self.budget.spend(size)
            return node
        self.budget.spend()
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Listing):
            return self._listing(node, sizes)
        return self._record(node, sizes)

    def _scalar(self, scalar: Scalar) -> Node | None:
        whole = _PLACE.fullmatch(scalar.text)
        if whole is not None:
            return self._argument(whole.group(1), scalar.at)
        return self._text(scalar)

    def _text(self, scalar: Scalar) -> Scalar | None:
        if "$" not in scalar.text:
            return scalar
        at = scalar.at
        parts: dict[str, str] = {}
        for name in _PLACE.findall(scalar.text):
            value = self._argument(name, scalar.at)
            if value is None:
                return None
            if not isinstance(value, Scalar):
                message = f"`${name}` stands inside a text, but is a list or mapping"
                self.findings.report("E827", at=at, message=message, remedy="let it stand alone")
                return None
            is_part = self.kinds.get(name) == "expression"
            parts[name] = f"({value.text})" if is_part else value.text
        if not parts:
            return scalar
        text = _PLACE.sub(lambda found: parts[found.group(1)], scalar.text)
        return Scalar(text, resolve(text) if scalar.is_plain else text, is_plain=scalar.is_plain, at=at)

    def _argument(self, name: str, at: Location) -> Node | None:
        if name not in self.arguments:
            self.findings.report(
                "E827",
                at=at,
                message=f"`${name}` names no parameter",
                remedy=did_you_mean(name, self.arguments),
            )
            return None
        value = self.arguments[name]
        self._charge(value)
        return value

    def _charge(self, node: Node | None) -> None:
        """Count what an argument brings in each time it is put in place."""
        self.budget.spend()
        if isinstance(node, Listing):
            for item in node.items:
                self._charge(item)
        elif isinstance(node, Record):
            for entry in node.entries:
                self._charge(entry.value)

    def _listing(self, listing: Listing, sizes: Mapping[int, int]) -> Node | None:
        items: list[Node] = []
        for item in listing.items:
            copied = self._copy(item, sizes)
            if isinstance(copied, Listing) and isinstance(item, Scalar):
                items.extend(copied.items)
            elif copied is not None:
                items.append(copied)
        return Listing(tuple(items), listing.at) if items or not listing.items else None

    def _record(self, record: Record, sizes: Mapping[int, int]) -> Node | None:
        if not self._is_kept(record):
            return None
        entries: dict[str, Entry] = {}
        for entry in record.entries:
            size = sizes.get(id(entry))
            if size is not None:
                self.budget.spend(size)
                self._add(entries, entry)
                continue
            if entry.key.text in (ONLY_WITH, WITHOUT):
                continue
            value = self._copy(entry.value, sizes)
            key = self._text(entry.key)
            if value is None or key is None:
                continue
            more = value.entries if key.text == ALSO and isinstance(value, Record) else (Entry(key, value),)
            for one in more:
                self._add(entries, one)
        return Record(tuple(entries.values()), record.at) if entries or not record.entries else None

    def _add(self, entries: dict[str, Entry], entry: Entry) -> None:
        if entry.key.text in entries:
            message = f"the key `{entry.key.text}` stands here twice"
            self.findings.report("E005", at=entry.key.at, message=message, remedy="rename one of them")
        else:
            entries[entry.key.text] = entry

    def _is_kept(self, record: Record) -> bool:
        for word, wanted in ((ONLY_WITH, True), (WITHOUT, False)):
            node = record.get(word)
            if node is None:
                continue
            found = _PLACE.fullmatch(node.text) if isinstance(node, Scalar) else None
            if found is None:
                remedy = f"write `{word}: $name` with a parameter"
                self.findings.report("E827", at=node.at, message=f"`{word}` names a parameter", remedy=remedy)
                continue
            value = self._argument(found.group(1), node.at)
            is_there = value is not None and not (isinstance(value, Scalar) and value.value is False)
            if is_there is not wanted:
                return False
        return True
