"""Begin what needs a one-time code, and check the code: hashed, five minutes, five tries, used once."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import orjson
from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import KeyId, OfficerId, PersonId
from identity.domain.errors import ChallengeGone, CodeRefused
from identity.domain.values import Begun, ChallengeToken
from identity.models import codes, people
from identity.ports import Messenger
from identity.services.foundation import Foundation, hash_of, new_token

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CHALLENGE_LIFE = timedelta(minutes=30)
MOST_TRIES = 5


class Purpose(StrEnum):
    """Name what a code is for; a code of one purpose opens nothing of another."""

    REGISTRATION = "registration"
    SIGN_IN = "sign-in"
    OFFICER_SIGN_IN = "officer-sign-in"
    RECOVERY = "recovery"
    EMAIL = "email"


OWN_KEYS = (Purpose.REGISTRATION, Purpose.RECOVERY)
"""Purposes whose challenge is sealed with a key made for it; what comes to nothing has its key shredded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Say what is begun.

    Attributes:
        key: key that everything stored of it is sealed with.
        phone: where the code goes, unless ``email`` is given.
        person, officer: whose sign-in it is; for a registration the id that the person is going to have.
        details: what was typed.
        email: address that the code goes to.
    """

    purpose: Purpose
    key: KeyId
    phone: str = field(repr=False)
    person: PersonId | None = None
    officer: OfficerId | None = None
    details: Mapping[str, str] = field(default_factory=dict, repr=False)
    email: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Challenge:
    """Hold what was begun, once its code was right."""

    id: UUID
    opening: Opening

    @property
    def person(self) -> PersonId:
        """Return the person that it is about."""
        if self.opening.person is None:
            raise ChallengeGone
        return self.opening.person

    @property
    def officer(self) -> OfficerId:
        """Return the officer that it is about."""
        if self.opening.officer is None:
            raise ChallengeGone
        return self.opening.officer


class Challenges:
    """Keep begun registrations and sign-ins as rows; all of it is security time."""

    def __init__(self, base: Foundation, *, messenger: Messenger) -> None:
        """Send codes through ``messenger``."""
        self._base = base
        self._messenger = messenger

    def open(self, uow: UnitOfWork, opening: Opening) -> Begun:
        """Begin, and send the code in the same transaction."""
        challenge, token, now = uuid4(), ChallengeToken(new_token()), self._base.now()
        packed = orjson.dumps({"phone": opening.phone, "email": opening.email, **opening.details})
        code = _new_code()
        uow.connection.execute(
            insert(codes).values(
                id=challenge,
                token_hash=hash_of(token),
                purpose=opening.purpose,
                person_id=opening.person,
                officer_id=opening.officer,
                key_id=opening.key,
                sealed=self._base.keys.seal(opening.key, packed, context=_context(challenge)),
                code_hash=self._hash(challenge, code),
                tries=0,
                code_expires_at=now + CODE_LIFE,
                expires_at=now + CHALLENGE_LIFE,
            )
        )
        self._send(uow, opening, code=code)
        return Begun(token, now + CODE_LIFE)

    def find(self, token: ChallengeToken) -> Challenge:
        """Return what was begun, without looking at any code.

        Raises:
            ChallengeGone: it was not, has ended, or had too many wrong codes.
        """
        now = self._base.now()
        query = select(codes).where(codes.c.token_hash == hash_of(token), _is_open(now))
        with self._base.db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise ChallengeGone
        return self._opened(row)

    def renew(self, token: ChallengeToken) -> Begun:
        """Send a fresh code; the earlier one is void, wrong tries stay counted."""
        challenge, code, now = self.find(token), _new_code(), self._base.now()
        fresh = (
            update(codes)
            .where(codes.c.id == challenge.id, _is_open(now))
            .values(code_hash=self._hash(challenge.id, code), code_expires_at=now + CODE_LIFE)
            .returning(codes.c.id)
        )
        with self._base.db.begin() as uow:
            if uow.connection.scalar(fresh) is None:
                raise ChallengeGone
            self._send(uow, challenge.opening, code=code)
        return Begun(token, now + CODE_LIFE)

    def check(self, token: ChallengeToken, code: str, *, purpose: Purpose) -> Challenge:
        """Count a try and return what was begun if the code is right; it is still to be consumed.

        Raises:
            CodeRefused: the code is wrong or too old.
            ChallengeGone: there is nothing to confirm, or not any more.
        """
        now = self._base.now()
        counted = (
            update(codes)
            .where(codes.c.token_hash == hash_of(token), codes.c.purpose == purpose, _is_open(now))
            .values(tries=codes.c.tries + 1)
            .returning(codes)
        )
        with self._base.db.begin() as uow:
            row = uow.connection.execute(counted).one_or_none()
        if row is None:
            raise ChallengeGone
        is_right = hmac.compare_digest(row.code_hash, self._hash(row.id, _plain(code)))
        if not is_right or row.code_expires_at <= now:
            raise CodeRefused
        return self._opened(row)

    def consume(self, uow: UnitOfWork, challenge: Challenge) -> None:
        """Use the code up, in the transaction that it opens something in; what was typed is forgotten.

        Raises:
            ChallengeGone: another request was faster.
        """
        used = (
            update(codes)
            .where(codes.c.id == challenge.id, codes.c.used_at.is_(None))
            .values(used_at=self._base.now(), sealed=None)
            .returning(codes.c.id)
        )
        if uow.connection.scalar(used) is None:
            raise ChallengeGone

    def give_back(self, challenge: Challenge) -> None:
        """Take back the try of a right code that could not be used because somebody else was out of reach."""
        with self._base.db.begin() as uow:
            uow.connection.execute(update(codes).where(codes.c.id == challenge.id).values(tries=codes.c.tries - 1))

    def tidy(self, *, after: timedelta = timedelta(days=1)) -> int:
        """Remove what ended so long ago, and shred the keys of registrations that came to nothing; return how many."""
        ended = delete(codes).where(codes.c.expires_at < self._base.now() - after)
        with self._base.db.begin() as uow:
            rows = uow.connection.execute(ended.returning(codes.c.purpose, codes.c.key_id)).all()
            pending = {row.key_id for row in rows if row.purpose in OWN_KEYS}
            adopted = set(uow.connection.scalars(select(people.c.key_id).where(people.c.key_id.in_(pending))))
            for key in pending - adopted:
                self._base.keys.shred(uow, KeyId(key))
        return len(rows)

    def _opened(self, row: Row[tuple[object, ...]]) -> Challenge:
        key = KeyId(row.key_id)
        details = orjson.loads(self._base.keys.open(key, row.sealed, context=_context(row.id)))
        phone, email = details.pop("phone"), details.pop("email", "")
        opening = Opening(
            purpose=Purpose(row.purpose),
            key=key,
            phone=phone,
            person=PersonId(row.person_id) if row.person_id else None,
            officer=OfficerId(row.officer_id) if row.officer_id else None,
            details=details,
            email=email,
        )
        return Challenge(row.id, opening)

    def _send(self, uow: UnitOfWork, opening: Opening, *, code: str) -> None:
        minutes = int(CODE_LIFE.total_seconds() // 60)
        self._messenger.send_code(uow, to=opening.email or opening.phone, code=code, minutes=minutes, key=opening.key)

    def _hash(self, challenge: UUID, code: str) -> bytes:
        return self._base.keys.blind_index("identity.code", f"{challenge}:{code}")


def _is_open(now: datetime) -> ColumnElement[bool]:
    return codes.c.used_at.is_(None) & (codes.c.expires_at > now) & (codes.c.tries < MOST_TRIES)


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _plain(code: str) -> str:
    return "".join(str(int(character)) for character in code[:40] if character.isdecimal())


def _context(challenge: UUID) -> bytes:
    return f"identity.code:{challenge}".encode()
