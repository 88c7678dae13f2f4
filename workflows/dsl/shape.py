"""Read mappings by the table of words: unknown, misplaced and missing keys, wrong shapes, durations, percentages."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from workflows.domain.definition import Duration, Location, Unit
from workflows.dsl.findings import Findings, did_you_mean, nearest
from workflows.dsl.names import check_ascii
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar
from workflows.dsl.words import PLACES, Place

_DURATION = re.compile(r"([1-9][0-9]{0,4})(h|wd|d|w|mo|y)\Z")
_LONGEST_DURATION = 8
"""One character more than a duration can have."""
_PERCENT = re.compile(r"([1-9][0-9]{0,2})%\Z")
LARGEST_COUNT = 10_000

N = TypeVar("N", Scalar, Listing, Record)

_SHAPES = {Scalar: "one value", Listing: "a list `[…]`", Record: "a mapping of keys to values"}


class Reader:
    """Read one mapping; every fault is reported where it stands and reading goes on."""

    def __init__(self, record: Record, place: Place, *, at: Location, findings: Findings) -> None:
        """Check the keys at once; ``at`` is where a missing key is reported."""
        self.record = record
        self.place = place
        self.at = at
        self.findings = findings
        check_keys(record, place, at=at, findings=findings)

    def report(self, code: str, at: Location, message: str, remedy: str) -> None:
        """Add one finding."""
        self.findings.report(code, at=at, message=message, remedy=remedy)

    def location(self, key: str) -> Location:
        """Return where the value of a key stands, or the mapping itself."""
        node = self.record.get(key)
        return node.at if node is not None else self.at

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        return key in self.record

    def scalar(self, key: str) -> Scalar | None:
        """Return the one value of a key."""
        return self._shaped(key, Scalar)

    def listing(self, key: str) -> Listing | None:
        """Return the list of a key."""
        return self._shaped(key, Listing)

    def mapping(self, key: str) -> Record | None:
        """Return the mapping of a key."""
        return self._shaped(key, Record)

    def _shaped(self, key: str, shape: type[N]) -> N | None:
        node = self.record.get(key)
        if node is None or isinstance(node, shape):
            return node
        return expect(node, shape, what=f"`{key}`", findings=self.findings)

    def sub(self, key: str, place: Place) -> "Reader | None":
        """Return a reader of the mapping under a key."""
        record = self.mapping(key)
        if record is None:
            return None
        entry = self.record.entry(key)
        return Reader(record, place, at=entry.key.at if entry else record.at, findings=self.findings)

    def text(self, key: str) -> str:
        """Return a non-empty text, or an empty one where there is none."""
        scalar = self.scalar(key)
        if scalar is None:
            return ""
        if not scalar.text.strip():
            self.report("E014", scalar.at, f"`{key}` is empty", "write a text")
        if isinstance(scalar.value, bool):
            self.report("E014", scalar.at, f"`{key}` is a text, not true or false", "write a text")
        return scalar.text

    def word(self, key: str, words: Sequence[str]) -> str:
        """Return one of the listed words, or the first where it is wrong or missing."""
        scalar = self.scalar(key)
        if scalar is None:
            return words[0]
        return one_of(scalar, words, what=f"`{key}`", findings=self.findings)

    def words(self, key: str, words: Sequence[str]) -> tuple[str, ...]:
        """Return a list of listed words."""
        return tuple(one_of(scalar, words, what=f"`{key}`", findings=self.findings) for scalar in self.scalars(key))

    def scalars(self, key: str, *, single: bool = False) -> tuple[Scalar, ...]:
        """Return the scalars of a list; with ``single`` one value counts as a list of one."""
        node = self.record.get(key)
        if node is None:
            return ()
        if single and isinstance(node, Scalar):
            return (node,)
        return scalars_of(node, what=f"`{key}`", findings=self.findings)

    def integer(self, key: str, *, low: int, high: int = LARGEST_COUNT, missing: int = 0) -> int:
        """Return a whole number within bounds, or ``missing``."""
        scalar = self.scalar(key)
        if scalar is None:
            return missing
        value = scalar.value
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.report(
                "E014",
                scalar.at,
                f"`{key}` must be a whole number from {low} to {high}, not `{scalar.text}`",
                "write plain digits without quotes",
            )
            return max(low, missing)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; missing is false."""
        scalar = self.scalar(key)
        if scalar is None:
            return False
        if not isinstance(scalar.value, bool):
            self.report(
                "E014", scalar.at, f"`{key}` must be true or false, not `{scalar.text}`", "write `true` or `false`"
            )
            return False
        return scalar.value

    def duration(self, key: str, units: Sequence[Unit] = tuple(Unit)) -> Duration | None:
        """Return a duration such as ``5wd``, or ``None`` where it is wrong or missing."""
        scalar = self.scalar(key)
        if scalar is None:
            return None
        return duration_of(scalar, what=f"`{key}`", units=units, findings=self.findings)

    def percent(self, key: str, *, missing: int) -> int:
        """Return a percentage such as ``70%``."""
        scalar = self.scalar(key)
        if scalar is None:
            return missing
        found = _PERCENT.match(scalar.text)
        if found is None or not 1 <= int(found.group(1)) <= 200:
            self.report(
                "E014",
                scalar.at,
                f"`{key}` must be a percentage such as 70%, not `{scalar.text}`",
                "write a whole number from 1 to 200 and `%`",
            )
            return missing
        return int(found.group(1))


def expect(node: Node, shape: type[N], *, what: str, findings: Findings) -> N | None:
    """Return the node where it has the shape, else report and return ``None``."""
    if isinstance(node, shape):
        return node
    findings.report(
        "E013",
        at=node.at,
        message=f"{what} must be {_SHAPES[shape]}, but here stands {_SHAPES[type(node)]}",
        remedy=f"write {_SHAPES[shape]}",
    )
    return None


def scalars_of(node: Node, *, what: str, findings: Findings) -> tuple[Scalar, ...]:
    """Return the scalars of a list, each once."""
    listing = expect(node, Listing, what=what, findings=findings)
    found: dict[str, Scalar] = {}
    for item in listing.items if listing else ():
        scalar = expect(item, Scalar, what=f"an entry of {what}", findings=findings)
        if scalar is None:
            continue
        if scalar.text in found:
            findings.report(
                "E021", at=scalar.at, message=f"`{scalar.text}` stands twice in {what}", remedy="keep one of them"
            )
        found.setdefault(scalar.text, scalar)
    if listing is not None and not listing.items:
        findings.report(
            "E014", at=node.at, message=f"{what} is an empty list", remedy="fill the list, or leave the key out"
        )
    return tuple(found.values())


def one_of(scalar: Scalar, words: Sequence[str], *, what: str, findings: Findings) -> str:
    """Return the scalar where it is one of the words; else report and return the nearest, or the first."""
    if scalar.text in words:
        return scalar.text
    findings.report(
        "E014",
        at=scalar.at,
        message=f"{what} cannot be `{scalar.text}`",
        remedy=did_you_mean(scalar.text, words),
    )
    return nearest(scalar.text, words) or words[0]


@lru_cache(maxsize=1024)
def _duration(text: str) -> Duration | None:
    found = _DURATION.match(text)
    return None if found is None else Duration(int(found.group(1)), Unit(found.group(2)))


def duration_of(scalar: Scalar, *, what: str, units: Sequence[Unit], findings: Findings) -> Duration | None:
    """Return the duration that a scalar spells."""
    found = _duration(scalar.text[:_LONGEST_DURATION])
    if found is None:
        findings.report(
            "E014",
            at=scalar.at,
            message=f"{what} must be a duration such as 5wd, not `{scalar.text}`",
            remedy="write a whole number from 1 and a unit: h, wd (working days), d (natural days), w, mo or y",
        )
        return None
    unit = found.unit
    if unit not in units:
        allowed = ", ".join(units)
        findings.report(
            "E014",
            at=scalar.at,
            message=f"{what} cannot be counted in `{unit}`",
            remedy=f"use one of the units {allowed}",
        )
        return None
    return found


def check_keys(record: Record, place: Place, *, at: Location, findings: Findings) -> None:
    """Report unknown, misplaced, not yet supported and missing keys of a mapping; mend what was clearly misspelt."""
    if record.fits(needed=place.needed, known=place.known):
        return
    for entry in record.entries:
        if entry.key.text not in place.known:
            _unknown_key(record, entry, place, findings)
    for key in place.required:
        if key not in record:
            findings.report("E012", at=at, message=f"`{key}` is missing in {place.name}", remedy=f"add `{key}: …`")


def _unknown_key(record: Record, entry: Entry, place: Place, findings: Findings) -> None:
    key = entry.key.text
    if key in place.later:
        findings.report(
            "E030",
            at=entry.key.at,
            message=f"`{key}` is a word of the language that this version does not support yet",
            remedy="leave it out for now; docs/reference/language.md lists what is supported",
        )
        return
    if not check_ascii(entry.key, what="the key", findings=findings):
        _mend(record, key, place)
        return
    if key in record.aliases:
        findings.report(
            "E010",
            at=entry.key.at,
            message=f"{place.name} has no key `{key}`",
            remedy=f"did you mean `{record.aliases[key]}`?",
        )
        return
    homes = [other.name for other in PLACES if key in other.keys]
    guess = nearest(key, [word for word in place.keys if word not in record])
    if homes and (guess is None or len(key) > len(guess) + 1):
        findings.report(
            "E011",
            at=entry.key.at,
            message=f"`{key}` does not belong into {place.name}",
            remedy=f"it belongs into {', '.join(homes[:3])}; check the indentation",
        )
        return
    findings.report(
        "E010",
        at=entry.key.at,
        message=f"{place.name} has no key `{key}`",
        remedy=f"did you mean `{guess}`?" if guess else did_you_mean(key, place.keys),
    )
    _mend(record, key, place)


def _mend(record: Record, key: str, place: Place) -> None:
    guess = nearest(key, [word for word in place.keys if word not in record])
    if guess is not None:
        record.aliases[key] = guess
