"""Lay an item file out in one way: same content, same comments, same line breaks; spaces and blank lines by rule.

Blocks are indented by two, lists stand at the column of their key, brackets hold their content close, a line that goes
on stands inside its bracket. Entries of a block on neighbouring lines whose values are in brackets stay a table where
the author made them one. Whatever cannot be laid out safely is left as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import (
    BlockEndToken,
    BlockEntryToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowEntryToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    KeyToken,
    ScalarToken,
    StreamEndToken,
    StreamStartToken,
    Token,
    ValueToken,
)

from workflows.dsl.findings import Finding, Findings
from workflows.dsl.source import load

_OPENING = (FlowMappingStartToken, FlowSequenceStartToken)
_CLOSING = (FlowMappingEndToken, FlowSequenceEndToken)
_SIGNS = {
    BlockEntryToken: "-",
    FlowEntryToken: ",",
    FlowMappingStartToken: "{",
    FlowMappingEndToken: "}",
    FlowSequenceStartToken: "[",
    FlowSequenceEndToken: "]",
    ValueToken: ":",
}
_GAP = 2
"""Spaces between content and a comment behind it, at least."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """Hold the text as it should stand, or the faults that forbid to touch it."""

    text: str
    findings: tuple[Finding, ...] = ()


def format_text(text: str, file: str) -> Formatted:
    """Return the text laid out; a file that is not the language's YAML comes back as it is, with its faults."""
    findings = Findings()
    before = load(text, file=file, findings=findings)
    if before is None or findings.has_errors:
        return Formatted(text, findings.sorted())
    try:
        laid_out = _Layout(text.replace("\r\n", "\n")).text()
    except (YAMLError, _Unusual):
        return Formatted(text)
    again = Findings()
    after = load(laid_out, file=file, findings=again)
    is_same = after is not None and not again.has_errors and after.meaning == before.meaning
    return Formatted(laid_out if is_same else text)


class _Unusual(Exception):
    """Tell that a file uses a form that is not laid out."""


@dataclass
class _Block:
    """Hold one open block: its column in the source and the one that it gets."""

    is_list: bool
    source: int
    indent: int


@dataclass
class _Line:
    """Hold the pieces of one line.

    Attributes:
        indent: where it begins; ``None`` inside brackets, where the bracket decides.
        blocks: columns of the blocks around it, in the source and as laid out.
        key: length of the key with its colon, where an entry of a block begins and its value stands on the line.
        value: which piece the value is.
        padding: spaces behind that colon in the source.
        raw: lines of a block text that belong to it.
    """

    indent: int | None = None
    pieces: list[tuple[str, str]] = field(default_factory=list)
    comment: str = ""
    comment_column: int = 0
    blocks: dict[int, int] = field(default_factory=dict)
    key: int = 0
    value: int = 0
    block: int = 0
    padding: int = 1
    raw: list[str] = field(default_factory=list)


class _Layout:
    """Lay out one text."""

    def __init__(self, text: str) -> None:
        self._source = text.split("\n")
        self._text = text
        self._lines: dict[int, _Line] = {}
        self._swallowed: set[int] = set()
        self._blocks: list[_Block] = []
        self._entry = 0
        self._last: Token | None = None
        self._opened = 0
        self._block_number = 0
        self._numbers: list[int] = []
        self._columns: list[int] = []
        self._outside: list[int] = []

    def text(self) -> str:
        """Return the whole text, ending with one line break."""
        for token in YAML(typ="safe", pure=True).scan(self._text):
            self._take(token)
            if not isinstance(token, KeyToken | BlockEndToken):
                self._last = token
        self._find_comments()
        self._align()
        return "\n".join(self._printed()) + "\n"

    def _take(self, token: Token) -> None:
        match token:
            case BlockMappingStartToken() | BlockSequenceStartToken():
                self._open(token)
            case BlockEndToken():
                self._blocks.pop()
                self._numbers.pop()
            case BlockEntryToken():
                self._entry = self._blocks[-1].indent
                self._piece(token, "-")
            case KeyToken():
                if token.end_mark.index > token.start_mark.index:
                    raise _Unusual
            case ScalarToken():
                self._scalar(token)
            case StreamStartToken() | StreamEndToken():
                return
            case _:
                sign = _SIGNS.get(type(token))
                if sign is None:
                    raise _Unusual
                self._opened += isinstance(token, _OPENING)
                self._piece(token, sign)
                self._opened -= isinstance(token, _CLOSING)

    def _open(self, token: Token) -> None:
        is_list = isinstance(token, BlockSequenceStartToken)
        if not self._blocks:
            indent = 0
        elif isinstance(self._last, BlockEntryToken):
            indent = self._entry + 2
        else:
            indent = self._blocks[-1].indent + (0 if is_list else 2)
        self._blocks.append(_Block(is_list, token.start_mark.column, indent))
        self._block_number += 1
        self._numbers.append(self._block_number)

    def _line(self, token: Token) -> _Line:
        number = token.start_mark.line
        line = self._lines.get(number)
        if line is None:
            line = self._lines[number] = _Line(blocks={block.source: block.indent for block in self._blocks})
            if not self._opened or (self._opened == 1 and isinstance(token, _OPENING)):
                own = self._blocks[-1].indent if self._blocks else 0
                if isinstance(token, BlockEntryToken) or self._is_key(token):
                    line.indent = own
                else:
                    line.indent = (self._entry if isinstance(self._last, BlockEntryToken) else own) + 2
            if not self._opened and (self._is_key(token) or isinstance(token, BlockEntryToken)):
                line.block = self._numbers[-1] if self._numbers else 0
        return line

    def _is_key(self, token: Token) -> bool:
        return isinstance(token, ScalarToken) and self._text[token.end_mark.index :].lstrip(" ")[:1] == ":"

    def _piece(self, token: Token, text: str) -> None:
        line = self._line(token)
        before = [kind for kind, _ in line.pieces]
        is_entry = before in (["ScalarToken"], ["BlockEntryToken", "ScalarToken"])
        if isinstance(token, ValueToken) and not self._opened and is_entry and line.block:
            rest = self._source[token.start_mark.line][token.end_mark.column :]
            line.padding = len(rest) - len(rest.lstrip(" "))
            line.key = len(line.pieces[-1][1]) + 1
            line.value = len(before) + 1
        line.pieces.append((type(token).__name__, text))

    def _scalar(self, token: ScalarToken) -> None:
        text = self._text[token.start_mark.index : token.end_mark.index]
        if token.style not in ("|", ">"):
            if "\n" in text:
                raise _Unusual
            self._piece(token, text)
            return
        head, *body = text.rstrip("\n").split("\n")
        if head.strip() not in (">-", "|-", ">", "|"):
            raise _Unusual
        self._piece(token, head.strip())
        first = token.start_mark.line
        own = min((len(one) - len(one.lstrip(" ")) for one in body if one.strip()), default=0)
        indent = (self._blocks[-1].indent if self._blocks else 0) + 2
        self._lines[first].raw = [f"{' ' * indent}{one[own:]}".rstrip() for one in body]
        self._swallowed |= set(range(first + 1, first + 1 + len(body)))

    def _find_comments(self) -> None:
        ends: dict[int, int] = {}
        for token in YAML(typ="safe", pure=True).scan(self._text):
            if token.end_mark.index > token.start_mark.index and not isinstance(token, BlockEndToken):
                is_block = isinstance(token, ScalarToken) and token.style in ("|", ">")
                number = token.start_mark.line
                ends[number] = (
                    len(self._source[number]) if is_block else max(ends.get(number, 0), token.end_mark.column)
                )
        for number, line in self._lines.items():
            rest = self._source[number][ends[number] :]
            if rest.strip().startswith("#"):
                line.comment = rest.strip()
                line.comment_column = len(self._source[number]) - len(rest.lstrip())

    def _align(self) -> None:
        """Make tables of neighbouring entries of one block, where one of them was padded."""
        run: list[_Line] = []
        last = -2
        for number in [*sorted(self._lines), len(self._source) + 2]:
            line = self._lines.get(number)
            fits = line is not None and line.key > 0 and _is_bracket(line)
            is_next = (
                fits
                and run
                and line is not None
                and run[-1].block == line.block
                and run[-1].value == line.value
                and number == last + 1
            )
            goes_on = line is not None and line.indent is None and number == last + 1
            if not is_next and not goes_on:
                _pad(run)
                run = []
            if line is not None and not fits:
                line.padding = 1
            if fits and line is not None and not goes_on:
                run.append(line)
            last = number

    def _printed(self) -> Iterator[str]:
        is_blank = True
        held: list[str] = []
        for number, source in enumerate(self._source):
            if number in self._swallowed:
                continue
            line = self._lines.get(number)
            if line is None and not source.strip():
                if not is_blank:
                    held.append("")
                is_blank = True
                continue
            yield from held
            held, is_blank = [], False
            if line is None:
                yield f"{' ' * self._comment_indent(number)}{source.strip()}"
            else:
                yield self._shown(line)
                yield from line.raw

    def _shown(self, line: _Line) -> str:
        indent = line.indent if line.indent is not None else self._inside(line)
        text = " " * indent
        previous = ""
        for number, (kind, piece) in enumerate(line.pieces):
            text += _space(previous, kind, line.padding if number == line.value else 1) + piece
            if kind in ("FlowMappingStartToken", "FlowSequenceStartToken"):
                is_last = number == len(line.pieces) - 1
                self._columns.append(indent + 2 if is_last else len(text))
                self._outside.append(indent)
            elif kind in ("FlowMappingEndToken", "FlowSequenceEndToken"):
                self._columns.pop()
                self._outside.pop()
            previous = kind
        if line.comment:
            text = text.ljust(max(line.comment_column, len(text) + _GAP)) + line.comment
        return text

    def _inside(self, line: _Line) -> int:
        return (
            self._outside[-1]
            if line.pieces[0][0] in ("FlowMappingEndToken", "FlowSequenceEndToken")
            else self._columns[-1]
        )

    def _comment_indent(self, number: int) -> int:
        """Return where a comment on a line of its own stands: with the block of its column, else the next line."""
        if self._columns:
            return self._columns[-1]
        source = len(self._source[number]) - len(self._source[number].lstrip(" "))
        before = next((self._lines[one] for one in range(number, -1, -1) if one in self._lines), None)
        after = next((self._lines[one] for one in range(number, len(self._source)) if one in self._lines), None)
        for line in (after, before):
            if line is not None and source in line.blocks:
                return line.blocks[source]
        return (after.indent or 0) if after is not None else 0


def _is_bracket(line: _Line) -> bool:
    return len(line.pieces) > line.value > 0 and line.pieces[line.value][1] in ("{", "[")


def _pad(run: Sequence[_Line]) -> None:
    width = max((line.key for line in run), default=0)
    is_table = len(run) > 1 and any(line.padding > 1 for line in run)
    for line in run:
        line.padding = width - line.key + 1 if is_table else 1


def _space(previous: str, kind: str, padding: int) -> str:
    if not previous or previous.startswith("Flow") and previous.endswith("StartToken"):
        return ""
    if kind in ("ValueToken", "FlowEntryToken", "FlowMappingEndToken", "FlowSequenceEndToken"):
        return ""
    return " " * padding
