"""Find, enter and open persons; whatever says who they are is sealed under their own key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple
from uuid import UUID, uuid4

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gov_portal.kernel.cipher import KeyShredded, SealBroken
from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.kernel.prepared import rows
from gov_portal.kernel.types import mask_text
from identity.domain.errors import PersonUnknown
from identity.domain.values import PersonFacts
from identity.models import credentials, people
from identity.services.foundation import Foundation

_SEALED = """
SELECT p.id, p.key_id, p.sealed, p.ial, k.wrapped FROM identity_people p LEFT JOIN kernel_keys k ON k.id = p.key_id
WHERE p.id = ANY("""

_OPEN_SQL = f"{_SEALED}%s)"

_ADDRESSEES_SQL = f"""{_SEALED}ARRAY(
  SELECT id FROM identity_people WHERE id = %s AND phone_index IS NOT NULL
  UNION SELECT g.guardian_id FROM identity_guardianships g
  WHERE g.ward_id = %s AND g.ended_at IS NULL AND (g.ends_on IS NULL OR g.ends_on > %s)))"""  # noqa: S608 - own words


@dataclass(frozen=True, slots=True)
class Identity:
    """Hold who a person is, already checked: name, citizen id and, unless a ward without one, phone."""

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False, default="")
    email: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Account:
    """Hold what the password check needs of a person; opened further only once the password was right."""

    person: PersonId
    password_hash: str = field(repr=False)


class _SealedRow(NamedTuple):
    id: UUID
    key_id: UUID
    sealed: bytes
    ial: int
    wrapped: bytes | None


class People:
    """Know persons by id, number and phone."""

    def __init__(self, base: Foundation) -> None:
        """Use the shared foundation."""
        self._base = base

    def facts(self, person: PersonId) -> PersonFacts:
        """Return who the person is.

        Raises:
            PersonUnknown: there is no such person.
            KeyShredded, SealBroken: their data cannot be read.
        """
        found = self._rows(_OPEN_SQL, [person])
        if not found:
            raise PersonUnknown
        return self._opened(found[0])

    def facts_of(self, persons: Collection[PersonId]) -> tuple[PersonFacts, ...]:
        """Return who these persons are, in one statement; who is unknown or cannot be read any more is left out."""
        return self._readable(self._rows(_OPEN_SQL, list(persons)))

    def _readable(self, sealed: Sequence[_SealedRow]) -> tuple[PersonFacts, ...]:
        found = []
        for row in sealed:
            try:
                found.append(self._opened(row))
            except (KeyShredded, SealBroken):
                # One person's shredded data must not hide everybody else's from a list.
                continue
        return tuple(found)

    def _rows(self, sql: str, *params: object) -> Sequence[_SealedRow]:
        with self._base.db.driver() as driver:
            return [_SealedRow(*row) for row in rows(driver, sql, params)]

    def _opened(self, row: _SealedRow) -> PersonFacts:
        cipher = self._base.keys.cipher_for(KeyId(row.key_id), row.wrapped)
        known = _unpack(cipher.open(row.sealed, context_of(PersonId(row.id))))
        return PersonFacts(
            person=PersonId(row.id),
            name=known.name,
            id_no=known.id_no,
            phone=known.phone,
            email=known.email,
            birth=citizen_id.birth(known.id_no),
            key=KeyId(row.key_id),
            ial=row.ial,
        )

    def key_of(self, person: PersonId) -> KeyId:
        """Return the envelope key that the person's data are sealed with.

        Raises:
            PersonUnknown: there is no such person.
        """
        with self._base.db.read() as connection:
            found = connection.scalar(select(people.c.key_id).where(people.c.id == person))
        if found is None:
            raise PersonUnknown
        return KeyId(found)

    def masked_names(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return names such as 张*, all in one statement."""
        return {known.person: mask_text(known.name) for known in self.facts_of(persons)} if persons else {}

    def phones(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return the numbers of those whose account has one, all in one statement."""
        return {known.person: known.phone for known in self.facts_of(persons) if known.phone} if persons else {}

    def addressees(self, person: PersonId) -> tuple[PersonFacts, ...]:
        """Return who is told what concerns the person: they themselves if they have a phone, and their guardians."""
        return self._readable(self._rows(_ADDRESSEES_SQL, person, person, self._base.today()))

    def by_id_no(self, id_no: str) -> PersonId | None:
        """Return the person of a citizen id, whether or not they have an account."""
        with self._base.db.read() as connection:
            found = connection.scalar(select(people.c.id).where(people.c.id_no_index == self._base.id_no_index(id_no)))
        return PersonId(found) if found else None

    def account(self, login: str) -> Account | None:
        """Return the one account of a citizen id or phone; ``None`` if there is none, or several share the phone."""
        query = (
            select(people.c.id, credentials.c.password_hash)
            .join(credentials, credentials.c.person_id == people.c.id)
            .where(
                (people.c.id_no_index == self._base.id_no_index(login))
                | (people.c.phone_index == self._base.phone_index(login))
            )
            .limit(2)
        )
        with self._base.db.read() as connection:
            rows = connection.execute(query).all()
        if len(rows) != 1:
            return None
        row = rows[0]
        return Account(PersonId(row.id), row.password_hash)

    def need(self, uow: UnitOfWork, id_no: str) -> PersonId:
        """Return an entered person, as another transaction may have entered them a moment ago."""
        query = select(people.c.id).where(people.c.id_no_index == self._base.id_no_index(id_no))
        return PersonId(uow.connection.scalars(query).one())

    def with_accounts(self, *, after: PersonId | None, most: int) -> tuple[PersonId, ...]:
        """Return people who can sign in themselves, by id, behind ``after``."""
        query = select(credentials.c.person_id).order_by(credentials.c.person_id).limit(most)
        if after is not None:
            query = query.where(credentials.c.person_id > after)
        with self._base.db.read() as connection:
            return tuple(PersonId(found) for found in connection.scalars(query))

    def has_account(self, person: PersonId) -> bool:
        """Tell whether the person can sign in themselves."""
        with self._base.db.read() as connection:
            query = select(credentials.c.person_id).where(credentials.c.person_id == person)
            return connection.scalar(query) is not None

    def enter(self, uow: UnitOfWork, identity: Identity, *, person: PersonId, key: KeyId, ial: int) -> PersonId | None:
        """Enter a new person; ``None`` if the number is entered already."""
        now = self._base.now()
        statement = (
            upsert(people)
            .values(
                id=person,
                key_id=key,
                sealed=self._seal(identity, person=person, key=key),
                id_no_index=self._base.id_no_index(identity.id_no),
                phone_index=self._base.phone_index(identity.phone) if identity.phone else None,
                ial=ial,
                proven_at=now if ial > 2 else None,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=[people.c.id_no_index])
            .returning(people.c.id)
        )
        found = uow.connection.scalar(statement)
        return PersonId(found) if found else None

    def take_over(self, uow: UnitOfWork, identity: Identity, *, ial: int) -> PersonId:
        """Write anew who an entered person is, as when a former ward opens an account; return them."""
        found = select(people.c.id, people.c.key_id).where(
            people.c.id_no_index == self._base.id_no_index(identity.id_no)
        )
        row = uow.connection.execute(found.with_for_update()).one()
        person = PersonId(row.id)
        uow.connection.execute(
            update(people)
            .where(people.c.id == person)
            .values(
                sealed=self._seal(identity, person=person, key=KeyId(row.key_id)),
                phone_index=self._base.phone_index(identity.phone) if identity.phone else None,
                ial=ial,
                proven_at=self._base.now(),
            )
        )
        return person

    def give_password(self, uow: UnitOfWork, person: PersonId, *, password_hash: str) -> bool:
        """Give a person their first password; false if they have one."""
        statement = (
            upsert(credentials)
            .values(person_id=person, password_hash=password_hash, changed_at=self._base.now())
            .on_conflict_do_nothing()
            .returning(credentials.c.person_id)
        )
        return uow.connection.scalar(statement) is not None

    def set_password(self, uow: UnitOfWork, person: PersonId, *, password_hash: str) -> None:
        """Put another password in the place of the one that the person has."""
        changed = update(credentials).where(credentials.c.person_id == person)
        uow.connection.execute(changed.values(password_hash=password_hash, changed_at=self._base.now()))

    def password_hash(self, person: PersonId) -> str | None:
        """Return the hash of the person's password; ``None`` without an account."""
        query = select(credentials.c.password_hash).where(credentials.c.person_id == person)
        with self._base.db.read() as connection:
            return connection.scalar(query)

    def set_email(self, uow: UnitOfWork, person: PersonId, *, email: str) -> None:
        """Write the confirmed e-mail address of a person; an empty one removes it."""
        row = uow.connection.execute(
            select(people.c.key_id, people.c.sealed).where(people.c.id == person).with_for_update()
        ).one()
        known = _unpack(self._base.keys.open(KeyId(row.key_id), row.sealed, context=context_of(person)))
        sealed = self._seal(replace(known, email=email), person=person, key=KeyId(row.key_id))
        uow.connection.execute(update(people).where(people.c.id == person).values(sealed=sealed))

    def _seal(self, identity: Identity, *, person: PersonId, key: KeyId) -> bytes:
        packed = orjson.dumps(asdict(identity))
        return self._base.keys.seal(key, packed, context=context_of(person))


def new_person_id() -> PersonId:
    """Return a fresh id."""
    return PersonId(uuid4())


def context_of(person: PersonId) -> bytes:
    """Return the place that a person's sealed data are bound to."""
    return f"identity.person:{person}".encode()


def _unpack(packed: bytes) -> Identity:
    known = orjson.loads(packed)
    return Identity(name=known["name"], id_no=known["id_no"], phone=known["phone"], email=known.get("email", ""))
