"""Keep field values with their provenance as one ciphertext per field group, opened only when somebody reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

import orjson

from workflows.domain.definition import Definition

TYPED = "typed"
ACCOUNT = "account"
APPEALED = "appealed"
"""Source of what a successor case takes from the case that it appeals."""


class Cipher(Protocol):
    """Seal and open bytes with the key of one person; ``context`` binds a ciphertext to its place."""

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Return the ciphertext."""
        ...

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return the plaintext."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """Hold one value with what is known about it.

    Attributes:
        value: typed; ``None`` is absent.
        source: ``typed``, ``account``, ``files``, ``step:<id>``, or a resource's id.
        at: when it was taken, business time.
        evidence: id of the exchange's record, if any.
        is_verified: false for what a department could not tell.
        previous: what a supplement or a later visit replaced, for old beside new.
    """

    value: object = field(repr=False)
    source: str
    at: datetime
    evidence: str = ""
    is_verified: bool = False
    previous: object = field(repr=False, default=None)


OWN = ""
"""The group of what no field declares: lets, what was done in each step, reasons; it rides in the case row."""

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
    """Read the values of a case by path; absent values are no members. Groups are opened on first use."""

    def __init__(self, definition: Definition, *, case: UUID, cipher: Cipher, sealed: Mapping[str, bytes]) -> None:
        """Keep the ciphertexts, by group; ``OWN`` is the one of the case row."""
        self._definition = definition
        self._case = case
        self._cipher = cipher
        self._sealed = dict(sealed)
        self._open: dict[str, dict[str, Stored]] = {}

    def __getitem__(self, path: str) -> object:
        """Return a value that is there."""
        value = self.get(path)
        if value is None:
            raise KeyError(path)
        return value

    def get(self, path: str, default: object = None) -> object:
        """Return a value, or ``default`` where it is absent."""
        stored = self._group(self.group_of(path)).get(path)
        return default if stored is None or stored.value is None else stored.value

    def __iter__(self) -> Iterator[str]:
        """Yield every path that has a value."""
        for group in {**self._sealed, **self._open}:
            yield from (path for path, stored in self._group(group).items() if stored.value is not None)

    def __len__(self) -> int:
        """Count the values."""
        return sum(1 for _ in self)

    def group_of(self, path: str) -> str:
        """Return the group of a path, the unit of encryption."""
        group = path.partition(".")[0]
        if group == MATERIALS or path.partition("@")[0] in self._definition.fields:
            return group
        return OWN

    def stored(self, path: str) -> Stored | None:
        """Return a value with its provenance, or ``None`` where nothing was ever kept."""
        return self._group(self.group_of(path)).get(path)

    def put(self, writes: Mapping[str, Stored]) -> dict[str, bytes]:
        """Take new values in, each beside what it replaces; return the changed groups' ciphertexts, to be written."""
        for path, stored in writes.items():
            known = self._group(self.group_of(path))
            known[path] = replace(stored, previous=_previous(known.get(path), stored.value))
        groups = sorted({self.group_of(path) for path in writes})
        for group in groups:
            self._sealed[group] = self._seal(group)
        return {group: self._sealed[group] for group in groups}

    def _group(self, group: str) -> dict[str, Stored]:
        known = self._open.get(group)
        if known is None:
            known = self._open[group] = self._unseal(group)
        return known

    def _context(self, group: str) -> bytes:
        return b"case/%s/data/%s" % (self._case.bytes.hex().encode(), group.encode())

    def _unseal(self, group: str) -> dict[str, Stored]:
        sealed = self._sealed.get(group)
        if sealed is None:
            return {}
        rows = orjson.loads(self._cipher.open(sealed, self._context(group)))
        return {path: self._load(path, row) for path, row in rows.items()}

    def _load(self, path: str, row: list[object]) -> Stored:
        value, source, at, evidence, is_verified, previous = row
        return Stored(
            load_value(self._definition, path, value),
            str(source),
            datetime.fromisoformat(str(at)),
            str(evidence),
            bool(is_verified),
            load_value(self._definition, path, previous),
        )

    def _seal(self, group: str) -> bytes:
        rows = {path: self._dump(path, stored) for path, stored in self._open[group].items()}
        return self._cipher.seal(orjson.dumps(rows), self._context(group))

    def _dump(self, path: str, stored: Stored) -> list[object]:
        return [
            dump_value(self._definition, path, stored.value),
            stored.source,
            stored.at.isoformat(),
            stored.evidence,
            stored.is_verified,
            dump_value(self._definition, path, stored.previous),
        ]


def _previous(old: Stored | None, value: object) -> object:
    if old is None:
        return None
    return old.previous if old.value == value else old.value
