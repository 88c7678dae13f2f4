"""Read XML that anybody may have made: no declarations of types or entities, no outside, bounded in size and depth."""

from dataclasses import dataclass, field
from xml.parsers import expat

LONGEST = 4_000_000
DEEPEST = 60
MOST = 10_000


@dataclass
class Element:
    """Hold one element; ``tag`` is ``namespace name``, ``text`` all that stands directly in it."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list["Element"]:
        """Return the children of a tag."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Element | None":
        """Return the first child of a tag."""
        return next((child for child in self.children if child.tag == tag), None)


class XmlRefused(Exception):
    """Tell why a text is no XML that is read here, and where."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        """Keep place (from 1) and reason."""
        self.line, self.column, self.reason = line, column, reason
        super().__init__(reason)


def read_xml(text: str) -> Element:
    """Return the root element.

    Raises:
        XmlRefused: it is not well-formed, or does what a hostile file would.
    """
    if len(text) > LONGEST:
        raise XmlRefused(1, 1, "the file is too long")
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise XmlRefused(1, 1, "the file holds half a character") from error
    return _Reader().read(content)


class _Reader:
    """Build elements from what expat finds."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("UTF-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.open: list[Element] = []
        self.count = 0
        self.root: Element | None = None

    def read(self, content: bytes) -> Element:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise XmlRefused(error.lineno, error.offset + 1, f"this is not XML: {reason}") from None
        if self.root is None:
            raise XmlRefused(1, 1, "the file is empty")
        return self.root

    def _refuse(self, reason: str) -> XmlRefused:
        return XmlRefused(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1, reason)

    def _doctype(self, *_: object) -> None:
        raise self._refuse("a document type (`<!DOCTYPE`) is not read here")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST:
            raise self._refuse("there are too many elements, or they are nested too deeply")
        here = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        element = Element(tag, attributes, *here)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, tag: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text
