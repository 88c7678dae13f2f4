"""Load YAML into nodes that know their line and column; everything the language forbids in YAML is found here."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from workflows.domain.definition import Location
from workflows.dsl.events import Event, NotYaml, events_of
from workflows.dsl.findings import EnoughFindings, Findings
from workflows.dsl.scalars import Value, ambiguity, is_doubtful, resolve
from workflows.dsl.syntax import locate, odd_continuation

LONGEST_SOURCE = 200_000
DEEPEST = 40

_UNSEEN = re.compile(
    "[\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff\ufffe\uffff]"
)


class Scalar(NamedTuple):
    """Hold one scalar. A tuple, as ``Location`` is.

    Attributes:
        text: characters of the scalar, without quotes.
        value: resolved value; text where the scalar was quoted.
        is_plain: not quoted and no block.
        at: position of its first character, the quote included.
    """

    text: str
    value: Value
    is_plain: bool
    at: Location

    def inside(self, offset: int) -> Location:
        """Return the position of the character at ``offset`` of the text."""
        shift = offset if self.is_plain else offset + 1
        return Location(self.at.file, self.at.line, self.at.column + shift)

    @property
    def meaning(self) -> str:
        """Return what it means; see ``Record.meaning``."""
        value = self.value
        if isinstance(value, str):
            return encode_basestring(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, int) else f'"{value}"'


@dataclass(slots=True)
class Listing:
    """Hold a YAML sequence. Nothing changes one; that it is not frozen is because thousands are made."""

    items: tuple["Node", ...]
    at: Location
    _meaning: str = field(default="", init=False, repr=False, compare=False)

    @property
    def meaning(self) -> str:
        """Return what it means; see ``Record.meaning``."""
        if not self._meaning:
            self._meaning = "[" + ",".join([item.meaning for item in self.items]) + "]"
        return self._meaning


class Entry(NamedTuple):
    """Hold one key and its value."""

    key: Scalar
    value: "Node"


@dataclass(slots=True)
class Record:
    """Hold a YAML mapping, in the order of the source, each key once. Nothing changes one, as with ``Listing``.

    Attributes:
        aliases: misspelt key -> the key that it was taken for, so that one typo is one finding.
    """

    entries: tuple[Entry, ...]
    at: Location
    aliases: dict[str, str] = field(default_factory=dict, compare=False)
    _meaning: str = field(default="", init=False, repr=False, compare=False)
    _known: dict[str, Entry] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def meaning(self) -> str:
        """Return JSON that depends on meaning only: no comments, positions or styles; order is kept.

        Kept, because the members of a family and the uses of a template share most of their nodes.
        """
        if not self._meaning:
            pairs = [f"[{encode_basestring(key.text)},{value.meaning}]" for key, value in self.entries]
            self._meaning = '{"":[' + ",".join(pairs) + "]}"
        return self._meaning

    def _by_key(self) -> dict[str, Entry]:
        known = self._known
        if known is None:
            known = self._known = {entry.key.text: entry for entry in self.entries}
        return known

    def entry(self, key: str) -> Entry | None:
        """Return the entry of a key, also where the key was misspelt and mended."""
        known = self._known or self._by_key()
        found = known.get(key)
        if found is None and self.aliases:
            for written, meant in self.aliases.items():
                if meant == key:
                    return known.get(written)
        return found

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, or ``None``."""
        found = (self._known or self._by_key()).get(key)
        if found is None and self.aliases:
            found = self.entry(key)
        return None if found is None else found.value

    def __contains__(self, key: object) -> bool:
        """Return whether the key is there."""
        if key in (self._known or self._by_key()):
            return True
        return bool(self.aliases) and isinstance(key, str) and self.entry(key) is not None

    def fits(self, *, needed: frozenset[str], known: frozenset[str]) -> bool:
        """Return whether all the needed keys are written, and none that is not known."""
        return needed <= self._by_key().keys() <= known


Node = Scalar | Listing | Record


def load(text: str, *, file: str, findings: Findings) -> Record | None:
    """Return the mapping that the file holds; ``None`` where no mapping can be made out of it."""
    try:
        return _load(text, file=file, findings=findings)
    except EnoughFindings:
        return None


def _load(text: str, *, file: str, findings: Findings) -> Record | None:
    if len(text) > LONGEST_SOURCE:
        findings.report(
            "E001",
            at=Location(file, 1, 1),
            message="the file is too long to be one service item",
            remedy=f"keep it under {LONGEST_SOURCE} characters",
        )
        return None
    _check_characters(text, file=file, findings=findings)
    return _Loader(text, file=file, findings=findings).load()


def _check_characters(text: str, *, file: str, findings: Findings) -> None:
    if _UNSEEN.search(text) is None:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        for found in _UNSEEN.finditer(line.rstrip("\r")):
            character = found.group()
            if character == "\t":
                message, remedy = "a tab stands here", "use spaces: YAML parsers disagree on tabs"
            else:
                name = unicodedata.name(character, f"U+{ord(character):04X}")
                message = f"an invisible character stands here: {name} (U+{ord(character):04X})"
                remedy = "delete it, and type an ordinary space where one is meant"
            findings.report("E004", at=Location(file, number, found.start() + 1), message=message, remedy=remedy)


class _Loader:
    """Turn the events of one file into nodes, reporting what the language forbids."""

    def __init__(self, text: str, *, file: str, findings: Findings) -> None:
        self._text = _UNSEEN.sub(" ", text.replace("\r\n", "\n"))
        self._file = file
        self._findings = findings
        self._documents = 0
        self._open_quote: Location | None = None
        self._odd_plain: Location | None = None
        self._events: Iterator[Event] = iter(())

    def load(self) -> Record | None:
        """Read the whole file; a syntax error ends the reading with one finding."""
        root: Node | None = None
        try:
            self._events = events_of(self._text)
            for event in self._events:
                if event.kind == "document":
                    self._start_document(event)
                else:
                    node = self._node(event, depth=0)
                    root = node if root is None else root
        except NotYaml as fault:
            if fault.marked is not None:
                self._syntax(fault.marked)
            else:
                at = Location(self._file, fault.line + 1, fault.column + 1)
                self._report("E001", at, f"this is not YAML: {fault.reason}", "mend the file")
            return None
        if isinstance(root, Record):
            return root
        at = root.at if root is not None else Location(self._file, 1, 1)
        self._report("E001", at, "a service item is a mapping of keys to values", "begin the file with `gov: 1`")
        return None

    def _report(self, code: str, at: Location, message: str, remedy: str) -> None:
        self._findings.report(code, at=at, message=message, remedy=remedy)

    def _at(self, event: Event) -> Location:
        return Location(self._file, event.line + 1, event.column + 1)

    def _start_document(self, event: Event) -> None:
        self._documents += 1
        at = self._at(event)
        if event.has_directives:
            self._report(
                "E002", at, "YAML directives are not part of the language", "delete the line that begins with `%`"
            )
        if self._documents > 1:
            self._report("E002", at, "a file holds one document", "delete the `---`, or make two files")

    def _syntax(self, error: MarkedYAMLError) -> None:
        fault = locate(error, self._text)
        if self._open_quote is not None and self._open_quote.line <= fault.places[0][0]:
            self._report("E001", self._open_quote, fault.message, "close the quote that opens here")
            return
        if "mapping values" in fault.message and self._odd_plain is not None:
            self._report("E001", self._odd_plain, fault.message, fault.remedy)
            return
        for line, column in fault.places:
            self._report("E001", Location(self._file, line, column), fault.message, fault.remedy)

    def _node(self, event: Event, *, depth: int) -> Node | None:
        kind, line, column, end_line, text, style, anchor, has_tag, _ = event
        at = Location(self._file, line + 1, column + 1)
        if anchor is not None or has_tag:
            self._refuse_marks(event, at)
        if depth > DEEPEST and kind != "alias":
            raise NotYaml("it is nested too deeply", line=line, column=column)
        if kind == "scalar":
            if end_line == line and not is_doubtful(text):
                return Scalar(text, text, not style, at)
            return self._scalar(event, at)
        if kind == "mapping":
            return self._record(at, depth=depth)
        if kind == "sequence":
            return self._listing(at, depth=depth)
        return Scalar(f"*{anchor}", f"*{anchor}", is_plain=True, at=at)

    def _refuse_marks(self, event: Event, at: Location) -> None:
        if event.anchor is not None:
            self._report(
                "E002",
                at,
                "anchors and aliases (`&`, `*`) are not part of the language",
                "write the content out at both places, or put the text in quotes",
            )
        if event.has_tag:
            self._report(
                "E002", at, "tags (`!…`) are not part of the language", "delete the tag, or put the text in quotes"
            )

    def _listing(self, at: Location, *, depth: int) -> Listing:
        items: list[Node] = []
        for event in self._events:
            if event.kind == "end":
                break
            node = self._node(event, depth=depth + 1)
            if isinstance(node, Scalar) and node.is_plain and not node.text:
                self._report("E006", node.at, "a list entry is empty", "give it a value, or delete the dash or comma")
            elif node is not None:
                items.append(node)
        return Listing(tuple(items), at)

    def _record(self, at: Location, *, depth: int) -> Record:
        entries: dict[str, Entry] = {}
        for event in self._events:
            if event.kind == "end":
                break
            key = self._node(event, depth=depth + 1)
            following = next(self._events, None)
            value = self._node(following, depth=depth + 1) if following is not None else None
            if not isinstance(key, Scalar):
                if key is not None:
                    self._report("E002", key.at, "a key must be a plain word", "write `key: value`")
                continue
            self._add(entries, key, value)
        return Record(tuple(entries.values()), at)

    def _add(self, entries: dict[str, Entry], key: Scalar, value: Node | None) -> None:
        if key.text in entries:
            first = entries[key.text].key.at.line
            self._report(
                "E005",
                key.at,
                f"the key `{key.text}` stands here twice (first in line {first})",
                "keep one of them, or rename one",
            )
            return
        if isinstance(value, Scalar) and value.is_plain and not value.text:
            self._report("E006", key.at, f"`{key.text}` has no value", "give it a value, or delete the key")
            return
        if value is not None:
            entries[key.text] = Entry(key, value)

    def _scalar(self, event: Event, at: Location) -> Scalar:
        text, is_plain = event.text, not event.style
        if event.end_line != event.line and event.style not in ("|", ">") and text:
            self._runs_on(event, at, is_plain=is_plain)
        if not is_plain:
            return Scalar(text, text, is_plain=False, at=at)
        doubt = ambiguity(text)
        if doubt is not None:
            why, remedy = doubt
            self._report("E003", at, f"`{text}` {why}", remedy)
        return Scalar(text, resolve(text), is_plain=True, at=at)

    def _runs_on(self, event: Event, at: Location, *, is_plain: bool) -> None:
        """Report a text over several lines: a plain one where it runs on, a quoted one where it opens."""
        if is_plain:
            line, column = odd_continuation(event.line, event.column, self._text)
            at = self._odd_plain = Location(self._file, line, column)
        else:
            self._open_quote = at
        self._report(
            "E007",
            at,
            "this text runs on over the end of its line",
            "close the quote, mend the indentation, or add the missing `:` or `,`; for a long text use `>-`",
        )
