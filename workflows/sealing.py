"""Keep field values with their provenance as one ciphertext per field group, opened only when somebody reads them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson

from workflows.domain.definition import Definition
from workflows.packing import packed, unpacked

TYPED = "typed"
ACCOUNT = "account"
APPEALED = "appealed"
"""Source of what a successor case takes from the case that it appeals."""


CORRECTED = "step:correct"
"""Source of what an officer put in the place of an error of the case before."""


class Cipher(Protocol):
    """Seal and open bytes with the key of one person; ``context`` binds a ciphertext to its place."""

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Return the ciphertext."""
        ...

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return the plaintext."""
        ...


class Stored(NamedTuple):
    """Hold one value with what is known about it.

    Attributes:
        value: typed; ``None`` is absent.
        source: ``typed``, ``account``, ``files``, ``step:<id>``, or a resource's id.
        at: when it was taken, business time.
        evidence: id of the exchange's record, if any.
        is_verified: false for what a department could not tell.
        previous: what a supplement or a later visit replaced, for old beside new; set by reading.
    """

    value: object
    source: str
    at: datetime
    evidence: str = ""
    is_verified: bool = False
    previous: object = None

    def __repr__(self) -> str:
        """Tell where the value comes from, never the value."""
        return f"Stored(source={self.source!r}, at={self.at!r}, evidence={self.evidence!r})"


OWN = ""
"""The group of what no field declares: lets, what was done in each step, reasons.

It rides in the case row, packed, and keeps plain values: where they come from, the events tell.
"""

MATERIALS = "materials"


def dump_value(definition: Definition, path: str, value: object) -> object:
    """Return the JSON form of a value; paths that the item does not declare hold scalars, dates and decimals."""
    declared = definition.fields.get(path.partition("@")[0])
    if declared is not None:
        return declared.type.dump(value)  # type: ignore[arg-type]
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return list(value) if isinstance(value, tuple) else value


def load_value(definition: Definition, path: str, stored: object) -> object:
    """Return the value of its JSON form."""
    declared = definition.fields.get(path.partition("@")[0])
    if declared is not None:
        return declared.type.load(stored)
    match stored:
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"decimal": str(text)}:
            return Decimal(text)
        case list():
            return tuple(tuple(one) if isinstance(one, list) else one for one in stored)
    return stored


class CaseValues(Mapping[str, object]):
    """Read the values of a case by path; absent values are no members.

    A group is opened on first use, a value read on first use: a step pays for what it looks at.
    """

    def __init__(self, definition: Definition, *, case: UUID, cipher: Cipher, sealed: Mapping[str, bytes]) -> None:
        """Keep the ciphertexts, by group; ``OWN`` is the one of the case row."""
        self._definition = definition
        self._fields = definition.fields
        self._place = b"case/%s/data/" % case.hex.encode()
        self._cipher = cipher
        self._sealed = dict(sealed)
        self._json: dict[str, dict[str, Any]] = {}
        self._values: dict[str, object] = {}

    def __getitem__(self, path: str) -> object:
        """Return a value that is there."""
        value = self.get(path)
        if value is None:
            raise KeyError(path)
        return value

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override, unused-ignore]
        """Return a value, or ``default`` where it is absent."""
        if path in self._values:
            value = self._values[path]
        else:
            value = self._values[path] = self._read(path)
        return default if value is None else value

    def __iter__(self) -> Iterator[str]:
        """Yield every path that has a value."""
        for group in {**self._sealed, **self._json}:
            yield from (path for path in list(self._group(group)) if self.get(path) is not None)

    def __len__(self) -> int:
        """Count the values."""
        return sum(1 for _ in self)

    def group_of(self, path: str) -> str:
        """Return the group of a path, the unit of encryption."""
        group = path.partition(".")[0]
        if path in self._fields or group == MATERIALS or path.partition("@")[0] in self._fields:
            return group
        return OWN

    def stored(self, path: str) -> Stored | None:
        """Return a value with its provenance, or ``None`` where nothing was ever kept; not for the group ``OWN``."""
        row = self._group(self.group_of(path)).get(path)
        if row is None:
            return None
        _, source, at, evidence, is_verified, previous = _spelt(row)
        old = load_value(self._definition, path, previous)
        return Stored(self.get(path), source, datetime.fromisoformat(at), evidence, is_verified, old)

    def sealed_groups(self) -> dict[str, bytes]:
        """Return the ciphertext of every group as it is stored."""
        return dict(self._sealed)

    def is_proven(self, path: str) -> bool:
        """Tell whether the account or a department vouches for the value; false for what was typed, or is absent."""
        if self.get(path) is None:
            return False
        stored = self.stored(path)
        return stored is not None and stored.is_verified and stored.source != TYPED

    def put(self, writes: Mapping[str, Stored]) -> dict[str, bytes]:
        """Take new values in, each beside what it replaces; return the changed groups' ciphertexts, to be written."""
        changed = {}
        for path, stored in writes.items():
            group = self.group_of(path)
            changed[group] = known = self._group(group)
            value = dump_value(self._definition, path, stored.value)
            known[path] = value if group == OWN else _row(stored, value, known.get(path))
            self._values[path] = stored.value
        for group, known in changed.items():
            content = packed(known) if group == OWN else orjson.dumps(known)
            self._sealed[group] = self._cipher.seal(content, self._context(group))
        return {group: self._sealed[group] for group in changed}

    def _read(self, path: str) -> object:
        group = self.group_of(path)
        row = self._group(group).get(path)
        if row is None:
            return None
        return load_value(self._definition, path, row if group == OWN else row[0])

    def _group(self, group: str) -> dict[str, Any]:
        known = self._json.get(group)
        if known is None:
            sealed = self._sealed.get(group)
            known = {} if sealed is None else unpacked(self._cipher.open(sealed, self._context(group)))
            self._json[group] = known
        return known

    def _context(self, group: str) -> bytes:
        return self._place + group.encode()


_UNTOLD: list[Any] = [..., ..., ..., "", False, None]
"""What a value's row leaves out at its end: no evidence, nobody vouches for it, nothing was replaced."""


def _row(stored: Stored, value: object, old: list[Any] | None) -> list[Any]:
    """Return the JSON of a value with its provenance; what it replaces stands last."""
    previous = None if old is None else _spelt(old)[5] if old[0] == value else old[0]
    row = [value, stored.source, stored.at.isoformat(), stored.evidence, stored.is_verified, previous]
    while row[-1] == _UNTOLD[len(row) - 1]:
        row.pop()
    return row


def _spelt(row: list[Any]) -> list[Any]:
    return row + _UNTOLD[len(row) :]
