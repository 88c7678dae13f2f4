"""Turn a template and its data into a PDF/A-2b file with embedded fonts."""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

import typst

TEMPLATES = Path(__file__).parent / "templates"
FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
STANDARD: Final = "a-2b"
DEBIAN_FONTS = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's fonts-noto-cjk lies; the settings may name another folder."""

# The geta mark has stood for a missing sort since the days of lead.
GETA = "\u3013"
MISSING_GLYPH_NOTE = f"{GETA} 处为字库暂缺的字，以电子档案的记载为准。"

_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_ATTEMPTS = 5


class TypesettingFailed(Exception):
    """Report that a document could not be made; the message never holds its data."""


class FontsMissing(Exception):
    """Report that the fonts folder lacks a family that the templates use."""


class Typesetter:
    """Make PDF/A-2b files; keeps the fonts and the templates in memory, safe to share between threads."""

    def __init__(self, fonts_dir: Path) -> None:
        """Read the fonts.

        Raises:
            FontsMissing: naming the families that are not in the folder.
        """
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts_dir])
        if missing := [family for family in FAMILIES if family not in fonts.families()]:
            raise FontsMissing(f"{fonts_dir} lacks {', '.join(missing)}; run deploy/fonts.sh {fonts_dir}")
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts)
        self._lock = Lock()

    def pdf(self, template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
        """Return the PDF of one template, such as ``notice``.

        A character that no font has is set as a geta mark and said so in a footnote, so that nobody goes without
        a licence because of a rare name.

        Args:
            template: name of a file in ``templates``, without ``.typ``.
            data: JSON values; ``footnotes`` is a list of texts, images are lists of bytes.
            at: aware instant that the file says it was made at.

        Raises:
            TypesettingFailed: without any of the data.
            FileNotFoundError: if there is no such template.
        """
        if not (TEMPLATES / f"{template}.typ").is_file():
            raise FileNotFoundError(f"template {template}")
        source = json.dumps(_printable(dict(data)), ensure_ascii=False)
        for _ in range(_ATTEMPTS):
            try:
                return self._compile(template, source, at=at)
            except typst.TypstError as error:
                missing = _missing_characters(error.diagnostic)
            if not missing:
                break
            source = _without(source, missing)
        raise TypesettingFailed(f"template {template}")

    def _compile(self, template: str, source: str, *, at: datetime) -> bytes:
        with self._lock:
            made = self._compiler.compile(
                input=TEMPLATES / f"{template}.typ",
                format="pdf",
                sys_inputs={"data": source},
                pdf_standards=STANDARD,
                timestamp=at,
            )
        if not isinstance(made, bytes):
            raise TypesettingFailed(f"template {template}")
        return made


def _printable(value: object) -> object:
    """Return the data without the control characters in their texts, which no printer can set."""
    match value:
        case str():
            return "".join(" " if _is_control(letter) else letter for letter in value)
        case dict():
            return {name: _printable(part) for name, part in value.items()}
        case list() if value and not isinstance(value[0], int):
            return [_printable(part) for part in value]
        case _:
            return value


def _is_control(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cs"}


def _missing_characters(diagnostic: str) -> frozenset[str]:
    found = "".join(_MISSING.findall(diagnostic))
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), found)
    return frozenset(character for character in plain if ord(character) > 0x7F)


def _without(source: str, missing: frozenset[str]) -> str:
    replaced = "".join(GETA if character in missing else character for character in source)
    data = json.loads(replaced)
    notes = data.get("footnotes", [])
    if MISSING_GLYPH_NOTE not in notes:
        data["footnotes"] = [*notes, MISSING_GLYPH_NOTE]
    return json.dumps(data, ensure_ascii=False)
