"""Seal what a command did as the body of its row in the ledger, and open it again.

The body is packed JSON: ``h`` holds what happened, as kind, step, visit, detail and legal time, without what is empty
at the end or the event's own time; ``w`` the written values by path. Rows of before this form spell both out and stay
as they are, for their hashes do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from workflows.domain.state import NOTHING, Happening
from workflows.packing import packed, unpacked
from workflows.sealing import Cipher

_NOTHING: tuple[Any, ...] = ("", "", 0, NOTHING, "")


class Body(NamedTuple):
    """Hold what an event tells: what happened, and the JSON form of every written value by path."""

    happenings: tuple[Happening, ...]
    writes: Mapping[str, object]


class EventPlace(NamedTuple):
    """Name an event: its case, its number there, and its legal time."""

    case: UUID
    seq: int
    at: datetime

    @property
    def context(self) -> bytes:
        """Return what the ciphertext is bound to."""
        return b"case/%s/event/%d" % (self.case.hex.encode(), self.seq)


def sealed_body(cipher: Cipher, body: Body, place: EventPlace) -> bytes:
    """Return the ciphertext of an event, bound to its place."""
    content = {"h": [_short(one, at=place.at) for one in body.happenings], "w": body.writes}
    return cipher.seal(packed(content), place.context)


def opened_body(cipher: Cipher, sealed: bytes, place: EventPlace) -> Body:
    """Return what an event tells.

    Raises:
        SealBroken: the bytes were changed, or are those of another event.
    """
    content = unpacked(cipher.open(sealed, place.context))
    if "h" in content:
        return Body(tuple(_read(one, at=place.at) for one in content["h"]), content["w"])
    spelt = tuple(Happening(kind, _moment(when), *rest) for kind, when, *rest in content["happenings"])
    return Body(spelt, content["writes"])


def _short(happening: Happening, *, at: datetime) -> Sequence[object]:
    kind, when, step, visit, detail = happening
    if when != at:
        return (kind, step, visit, dict(detail), when)
    if detail:
        return (kind, step, visit, dict(detail))
    return (kind, step, visit) if visit else (kind, step) if step else (kind,)


def _read(told: Sequence[Any], *, at: datetime) -> Happening:
    kind, step, visit, detail, when = (*told, *_NOTHING[len(told) :])
    return Happening(kind, _moment(when) if when else at, step, visit, detail)


def _moment(spelt: str) -> datetime:
    return datetime.fromisoformat(spelt)
