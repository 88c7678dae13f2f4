"""Typeset the guide of an item (办事指南) as a paper to take along."""

import json
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from threading import Lock

from gov_portal.documents.typesetting import Typesetter
from gov_portal.kernel.working_days import SHANGHAI

_KEPT = 64
"""Guides of so many items and languages are kept, for setting one takes a tenth of a second and anybody may ask."""


@dataclass(frozen=True, slots=True)
class GuidePaper:
    """Hold the words of one guide in the reader's language.

    Attributes:
        eyebrow: what kind of paper it is.
        facts: name and lines of each fact.
        sections: heading and lines of what follows, such as steps and questions.
        number: id and version of the item.
        footnotes: what stands at the foot of every page.
        on: day as of which it is valid.
    """

    eyebrow: str
    title: str
    sentence: str
    authority: str
    number: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    footnotes: tuple[str, ...]
    on: date


class GuidePapers:
    """Make guides as PDF/A; the same guide of the same day is set once."""

    def __init__(self, typesetter: Typesetter) -> None:
        """Keep the typesetter."""
        self._typesetter = typesetter
        self._made: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def make(self, paper: GuidePaper) -> bytes:
        """Return the PDF of a guide.

        Raises:
            TypesettingFailed: without any of the data.
        """
        words = json.loads(json.dumps({**asdict(paper), "on": paper.on.isoformat()}))
        key = json.dumps(words, ensure_ascii=False)
        with self._lock:
            known = self._made.get(key)
        if known is None:
            known = self._typesetter.pdf("guide", words, at=datetime.combine(paper.on, time(9), SHANGHAI))
        with self._lock:
            self._made[key] = known
            self._made.move_to_end(key)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return known
