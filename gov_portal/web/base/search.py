"""Find items by what people type: pairs of characters for Chinese, beginnings of words for English; pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflows.guides import Guides

LEAST_FOUND = 0.5
"""Share of what was typed that an item must hold to be shown."""

_WORDS = re.compile("[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one item for the search: its pieces by how much they weigh."""

    item: str
    pieces: Mapping[str, int]


def entry_of(item: str, texts: Iterable[tuple[int, str]]) -> Entry:
    """Return an entry of texts, each with its weight; the heaviest of a piece counts."""
    pieces: dict[str, int] = {}
    for weight, text in texts:
        for piece in _pieces(_plain(text), is_index=True):
            pieces[piece] = max(weight, pieces.get(piece, 0))
    return Entry(item, pieces)


def find(query: str, entries: Sequence[Entry], *, words: Guides) -> list[str]:
    """Return the items that hold most of what was typed, the best first; all of them for an empty query.

    ``words`` tells what people say for what items say, and what says nothing.
    """
    typed = _plain(query)
    if not typed:
        return [entry.item for entry in entries]
    readings = [_pieces(reading, is_index=False) for reading in _readings(typed, words)]
    scored = [(max(_score(pieces, entry) for pieces in readings), entry.item) for entry in entries]
    return [item for score, item in sorted(scored, key=lambda one: -one[0]) if score > 0]


def _readings(typed: str, words: Guides) -> set[str]:
    """Return what was typed, without what says nothing, and with what items say for what people say."""
    plain = typed
    for word in words.noise:
        plain = plain.replace(word, "")
    plain = plain.rstrip(words.endings) or typed
    said = {typed, plain}
    for people, meant in words.synonyms:
        if people in typed and meant not in typed:
            said |= {text.replace(people, meant) for text in (typed, plain)}
            said.add(meant)
    return said


def _score(pieces: set[str], entry: Entry) -> float:
    if not pieces:
        return 0
    weights = [_weight(piece, entry) for piece in pieces]
    found = sum(weight > 0 for weight in weights)
    return sum(weights) / len(pieces) if found / len(pieces) > LEAST_FOUND or found == len(pieces) else 0


def _weight(piece: str, entry: Entry) -> int:
    if piece in entry.pieces:
        return entry.pieces[piece]
    if _WORDS.fullmatch(piece) and len(piece) > 2:
        return max((weight for known, weight in entry.pieces.items() if known.startswith(piece)), default=0)
    return 0


def _pieces(text: str, *, is_index: bool) -> set[str]:
    """Return the words of a text and its pairs of Chinese characters; single ones for the index and short queries."""
    found = {word for word in _WORDS.findall(text) if len(word) > 1}
    for run in _HAN.findall(text):
        found |= {run[place : place + 2] for place in range(len(run) - 1)}
        if is_index or len(run) == 1:
            found |= set(run)
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
