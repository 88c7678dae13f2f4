"""Keep field values with their provenance as one ciphertext per field group, opened only when somebody reads them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

import orjson

from workflows.domain.definition import Definition

TYPED = "typed"
ACCOUNT = "account"


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


def group_of(path: str) -> str:
    """Return the group of a path, the unit of encryption."""
    return path.partition(".")[0]


def dump_value(definition: Definition, path: str, value: object) -> object:
    """Return the JSON form of a value; paths that the item does not declare hold plain JSON."""
    declared = definition.fields.get(path)
    return value if declared is None else declared.type.dump(value)  # type: ignore[arg-type]


def load_value(definition: Definition, path: str, stored: object) -> object:
    """Return the value of its JSON form."""
    declared = definition.fields.get(path)
    return stored if declared is None else declared.type.load(stored)


class CaseValues(Mapping[str, object]):
    """Read the values of a case by path; absent values are no members. Groups are opened on first use."""

    def __init__(self, definition: Definition, *, case: UUID, cipher: Cipher, sealed: Mapping[str, bytes]) -> None:
        """Keep the ciphertexts, by group."""
        self._definition = definition
        self._case = case
        self._cipher = cipher
        self._sealed = dict(sealed)
        self._open: dict[str, dict[str, Stored]] = {}

    def __getitem__(self, path: str) -> object:
        stored = self._group(group_of(path)).get(path)
        if stored is None or stored.value is None:
            raise KeyError(path)
        return stored.value

    def __iter__(self) -> Iterator[str]:
        for group in {**self._sealed, **self._open}:
            yield from (path for path, stored in self._group(group).items() if stored.value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def stored(self, path: str) -> Stored | None:
        """Return a value with its provenance, or ``None`` where nothing was ever kept."""
        return self._group(group_of(path)).get(path)

    def put(self, writes: Mapping[str, Stored]) -> dict[str, bytes]:
        """Take new values in, each beside what it replaces; return the changed groups' ciphertexts, to be written."""
        for path, stored in writes.items():
            group = self._group(group_of(path))
            group[path] = replace(stored, previous=_previous(group.get(path), stored.value))
        groups = sorted({group_of(path) for path in writes})
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


def missing(values: Mapping[str, object], paths: Iterable[str]) -> list[str]:
    """Return the paths that have no value yet."""
    return [path for path in paths if values.get(path) is None]
