"""Let departments' own systems in: each is an officer account of the kind ``system``, opened by keys."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.prepared import run
from gov_portal.kernel.principal import Officer
from gov_portal.kernel.read_only import where_writable
from identity.domain.assurance import Factor, aal_of
from identity.domain.errors import SystemKeyUnknown, UnitUnknown
from identity.domain.values import SystemKey, Unit
from identity.models import posts, system_keys, units
from identity.services.foundation import Foundation, hash_of, new_token
from identity.services.officers import SYSTEM, NewOfficer, Officers

PREFIX = "gsk_"
"""Begins every key, so that a scanner of source code finds one that was left there."""

LIFE = timedelta(days=365)
OVERLAP = timedelta(days=1)
_SEEN_STEP = timedelta(minutes=1)
_NO_PASSWORD = "!"  # noqa: S105 - no hash at all, so that no password matches

_CHECK_SQL = """
SELECT k.id, k.officer_id, k.org, k.region, k.seen_at, array_agg(p.role) AS roles, max(p.rank) AS rank
FROM identity_system_keys k
JOIN identity_officers o ON o.id = k.officer_id AND o.is_active
JOIN identity_posts p ON p.officer_id = k.officer_id AND p.org = k.org AND p.region = k.region
WHERE k.key_hash = %s AND k.revoked_at IS NULL AND k.expires_at > %s
GROUP BY k.id"""
"""Reads the key with the posts of its system."""

_SEEN_SQL = """
UPDATE identity_system_keys SET seen_at = %(now)s WHERE id = %(id)s AND (seen_at IS NULL OR seen_at <= %(stale)s)"""
"""Notes that a key was used; apart from reading it, which goes on while nothing can be written."""


@dataclass(frozen=True, slots=True)
class NewSystem:
    """Hold a department's system to be let in: at which unit, with which roles, until when its key holds."""

    label: str
    unit: Unit
    roles: tuple[str, ...]
    life: timedelta = LIFE


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """Hand out a key: ``secret`` is shown this once and cannot be read again."""

    key: SystemKey
    secret: str = field(repr=False)


class _HeldRow(NamedTuple):
    id: UUID
    officer_id: UUID
    org: str
    region: str
    seen_at: datetime | None
    roles: list[str]
    rank: str


class Systems:
    """Issue, rotate, revoke and check the keys of departments' systems; all of it is security time."""

    def __init__(self, base: Foundation) -> None:
        """Use the shared foundation."""
        self._base = base
        self._officers = Officers(base)

    def principal(self, secret: str) -> Officer | None:
        """Return the system that holds a key, by one statement; ``None`` for anything else.

        Once a minute it is noted that the key was used.
        A key is one factor, whatever its strength, so the system's ``aal`` is 1.
        """
        now = self._base.now()
        with self._base.db.driver() as driver:
            found = run(driver, _CHECK_SQL, (hash_of(secret), now))
        if found is None:
            return None
        row = _HeldRow(*found)
        if row.seen_at is None or row.seen_at <= now - _SEEN_STEP:
            with where_writable(), self._base.db.driver() as driver:
                driver.execute(_SEEN_SQL, {"id": row.id, "now": now, "stale": now - _SEEN_STEP})
        roles, aal = frozenset(row.roles), aal_of([Factor.KEY])
        return Officer(OfficerId(row.officer_id), row.org, row.region, roles, rank=row.rank, aal=aal, is_system=True)

    def create(self, new: NewSystem) -> IssuedKey:
        """Enter a system at a unit and issue its first key.

        Raises:
            UnitUnknown: there is no such unit.
        """
        with self._base.db.begin() as uow:
            known = uow.connection.execute(
                select(units).where(units.c.org == new.unit.org, units.c.region == new.unit.region)
            ).one_or_none()
            if known is None:
                raise UnitUnknown
            unit = Unit(known.org, known.region, known.name)
            account = NewOfficer(f"system:{uuid4()}", new.label, "", unit, new.roles, kind=SYSTEM)
            officer = self._officers.enter(uow, account, password_hash=_NO_PASSWORD)
            if officer is None:
                raise UnitUnknown
            return self._issue(uow, officer, unit=unit, label=new.label, life=new.life)

    def rotate(self, key: UUID, *, overlap: timedelta = OVERLAP, life: timedelta = LIFE) -> IssuedKey:
        """Issue another key to the same system; the old one holds for the overlap, so that nothing stands still.

        Raises:
            SystemKeyUnknown: there is no such living key.
        """
        now = self._base.now()
        with self._base.db.begin() as uow:
            row = uow.connection.execute(
                select(system_keys)
                .where(system_keys.c.id == key, system_keys.c.revoked_at.is_(None), system_keys.c.expires_at > now)
                .with_for_update()
            ).one_or_none()
            if row is None:
                raise SystemKeyUnknown
            ends = min(row.expires_at, now + overlap)
            uow.connection.execute(update(system_keys).where(system_keys.c.id == key).values(expires_at=ends))
            unit = Unit(row.org, row.region, "")
            return self._issue(uow, OfficerId(row.officer_id), unit=unit, label=row.label, life=life)

    def revoke(self, key: UUID) -> None:
        """End a key at once; the next request feels it.

        Raises:
            SystemKeyUnknown: there is no such key, or it was revoked.
        """
        ended = update(system_keys).where(system_keys.c.id == key, system_keys.c.revoked_at.is_(None))
        with self._base.db.begin() as uow:
            gone = uow.connection.execute(ended.values(revoked_at=self._base.now()).returning(system_keys.c.id))
            if gone.first() is None:
                raise SystemKeyUnknown

    def list_keys(self) -> tuple[SystemKey, ...]:
        """List every key, the latest first; secrets are not among it."""
        with self._base.db.read() as connection:
            rows = connection.execute(select(system_keys).order_by(system_keys.c.created_at.desc())).all()
            systems = [row.officer_id for row in rows]
            held = connection.execute(select(posts.c.officer_id, posts.c.role).where(posts.c.officer_id.in_(systems)))
            roles = [(officer, role) for officer, role in held]
        return tuple(
            SystemKey(
                id=row.id,
                officer=OfficerId(row.officer_id),
                label=row.label,
                org=row.org,
                region=row.region,
                roles=frozenset(role for officer, role in roles if officer == row.officer_id),
                created_at=row.created_at,
                expires_at=row.expires_at,
                seen_at=row.seen_at,
                revoked_at=row.revoked_at,
            )
            for row in rows
        )

    def _issue(self, uow: UnitOfWork, officer: OfficerId, *, unit: Unit, label: str, life: timedelta) -> IssuedKey:
        secret, key, now = PREFIX + new_token(), uuid4(), self._base.now()
        values = {
            "id": key,
            "officer_id": officer,
            "org": unit.org,
            "region": unit.region,
            "label": label,
            "created_at": now,
            "expires_at": now + life,
        }
        uow.connection.execute(insert(system_keys).values(**values, key_hash=hash_of(secret)))
        shown = SystemKey(key, officer, label, unit.org, unit.region, frozenset(), now, now + life)
        return IssuedKey(shown, secret)


def is_key(token: str) -> bool:
    """Tell whether a bearer token is the key of a system rather than the token of a session."""
    return token.startswith(PREFIX)
