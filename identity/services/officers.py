"""Know units, posts and officers, and check the built-in accounts of civil servants."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gov_portal.kernel.codes.division import contains
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import KeyId, OfficerId
from gov_portal.kernel.prepared import rows
from gov_portal.kernel.principal import Officer
from identity.domain.errors import OfficerUnknown, SignInRefused, UnitUnknown
from identity.domain.values import OfficerFacts, PostView, Unit
from identity.models import officers, posts, units
from identity.ports import IdpAccount
from identity.services.foundation import Foundation
from identity.services.passwords import Passwords

PERSON = "person"
SYSTEM = "system"

_OPEN_SQL = """
SELECT o.id, o.key_id, o.sealed, k.wrapped FROM identity_officers o LEFT JOIN kernel_keys k ON k.id = o.key_id
WHERE o.id = ANY(%s)"""

_ELIGIBLE_SQL = """
SELECT p.officer_id FROM identity_posts p JOIN identity_officers o ON o.id = p.officer_id
WHERE p.org = %s AND p.region = %s AND p.role = %s AND (%s::text IS NULL OR p.rank = %s)
  AND o.is_active AND o.kind = 'person' ORDER BY p.officer_id"""

_POSTS_SQL = """
SELECT p.org, p.region, u.name, array_agg(p.role ORDER BY p.role), max(p.rank) FROM identity_posts p
JOIN identity_units u ON u.org = p.org AND u.region = p.region
WHERE p.officer_id = %s GROUP BY 1, 2, 3 ORDER BY 1, 2"""
_AT_POST_SQL = """
SELECT array_agg(p.role), max(p.rank),
  (SELECT array_agg(a.officer_id) FROM identity_absences a
   WHERE a.deputy_id = %(officer)s AND a.org = %(org)s AND a.region = %(region)s AND a.ended_at IS NULL
     AND a.first_on <= %(today)s AND a.last_on >= %(today)s)
FROM identity_posts p JOIN identity_officers o ON o.id = p.officer_id AND o.is_active
WHERE p.officer_id = %(officer)s AND p.org = %(org)s AND p.region = %(region)s"""

_STAFFED_SQL = text("""
SELECT u.org, u.region, u.name, u.credit_code FROM identity_units u
WHERE u.org = :org AND EXISTS (
  SELECT 1 FROM identity_posts p JOIN identity_officers o ON o.id = p.officer_id AND o.is_active AND o.kind = 'person'
  WHERE p.org = u.org AND p.region = u.region)""")
"""A unit counts as staffed by people: what its system cannot do must find somebody."""


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """Hold an officer to be entered, with posts at one unit."""

    login: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    unit: Unit
    roles: tuple[str, ...]
    rank: str = ""
    kind: str = PERSON


@dataclass(frozen=True, slots=True)
class _Known:
    officer: OfficerId
    key: KeyId
    name: str = field(repr=False)
    phone: str = field(repr=False)


class Officers:
    """Answer who serves where."""

    def __init__(self, base: Foundation) -> None:
        """Use the shared foundation."""
        self._base = base

    def nearest(self, org: str, region: str | None) -> Unit | None:
        """Return the staffed unit of ``org`` at ``region`` or its nearest ancestor; its topmost unit for ``None``."""
        with self._base.db.read() as connection:
            rows = connection.execute(_STAFFED_SQL, {"org": org}).all()
        staffed = [Unit(row.org, row.region, row.name, row.credit_code) for row in rows]
        return nearest_of(staffed, region)

    def eligible(self, unit: Unit, *, role: str, rank: str | None = None) -> tuple[OfficerId, ...]:
        """Return the active officers in posts of that role (and rank) at the unit, by id; people only, no systems."""
        asked = (unit.org, unit.region, role, rank or None, rank or None)
        with self._base.db.driver() as driver:
            return tuple(OfficerId(found) for (found,) in rows(driver, _ELIGIBLE_SQL, asked))

    def keep_credit_code(self, unit: Unit) -> None:
        """Keep the credit code of a unit; those of its cases that are reported from now on bear it.

        Raises:
            UnitUnknown: there is no such unit.
        """
        query = update(units).where(units.c.org == unit.org, units.c.region == unit.region)
        with self._base.db.begin() as uow:
            kept = uow.connection.execute(query.values(credit_code=unit.credit_code).returning(units.c.org))
            if kept.one_or_none() is None:
                raise UnitUnknown

    def names(self, wanted: Collection[OfficerId]) -> Mapping[OfficerId, str]:
        """Return names in one statement, for officers' own pages only."""
        return {known.officer: known.name for known in self._open(wanted)} if wanted else {}

    def facts(self, officer: OfficerId) -> OfficerFacts:
        """Return name and posts of an officer.

        Raises:
            OfficerUnknown: there is no such officer, or without any post.
        """
        known = self._open([officer])
        with self._base.db.read() as connection:
            query = select(posts).where(posts.c.officer_id == officer).order_by(posts.c.org, posts.c.region)
            rows = connection.execute(query).all()
        if not known or not rows:
            raise OfficerUnknown
        here = [row for row in rows if (row.org, row.region) == (rows[0].org, rows[0].region)]
        return OfficerFacts(
            officer=officer,
            name=known[0].name,
            org=rows[0].org,
            region=rows[0].region,
            roles=frozenset(row.role for row in here),
            rank=max(row.rank for row in here),
        )

    def posts(self, officer: OfficerId) -> tuple[PostView, ...]:
        """Return the units where an officer holds posts, with names, roles and rank; by one statement."""
        with self._base.db.driver() as driver:
            found = rows(driver, _POSTS_SQL, (officer,))
        return tuple(PostView(Unit(row[0], row[1], row[2]), frozenset(row[3]), row[4] or "") for row in found)

    def at_post(self, officer: OfficerId, *, org: str, region: str) -> Officer | None:
        """Return the officer as they stand at a unit now, ``None`` where they hold no active post there."""
        values = {"officer": officer, "org": org, "region": region, "today": self._base.today()}
        with self._base.db.driver() as driver:
            row = driver.execute(_AT_POST_SQL, values).fetchone()
        if row is None or not row[0]:
            return None
        covers = frozenset(OfficerId(one) for one in row[2] or ())
        return Officer(officer, org, region, roles=frozenset(row[0]), rank=row[1] or "", covers=covers)

    def unit_of(self, officer: OfficerId) -> tuple[str, str]:
        """Return department and region of the officer's first unit.

        Raises:
            SignInRefused: the officer has no post.
        """
        query = select(posts.c.org, posts.c.region).where(posts.c.officer_id == officer)
        with self._base.db.read() as connection:
            row = connection.execute(query.order_by(posts.c.org, posts.c.region).limit(1)).one_or_none()
        if row is None:
            raise SignInRefused
        return row.org, row.region

    def enter(self, uow: UnitOfWork, new: NewOfficer, *, password_hash: str) -> OfficerId | None:
        """Enter an officer with unit and posts; ``None`` if the login name is taken."""
        login = self._base.login_index(new.login)
        if uow.connection.scalar(select(officers.c.id).where(officers.c.login_index == login)) is not None:
            return None
        officer, key = OfficerId(uuid4()), self._base.keys.create(uow)
        packed = orjson.dumps({"name": new.name, "login": new.login, "phone": new.phone})
        uow.connection.execute(
            insert(officers).values(
                id=officer,
                key_id=key,
                sealed=self._base.keys.seal(key, packed, context=_context(officer)),
                login_index=login,
                password_hash=password_hash,
                is_active=True,
                created_at=self._base.now(),
                kind=new.kind,
            )
        )
        unit = {"org": new.unit.org, "region": new.unit.region}
        named = {"name": new.unit.name, "credit_code": new.unit.credit_code}
        uow.connection.execute(upsert(units).values(**unit, **named).on_conflict_do_nothing())
        held = [{**unit, "officer_id": officer, "role": role, "rank": new.rank} for role in new.roles]
        uow.connection.execute(insert(posts), held)
        return officer

    def _open(self, wanted: Collection[OfficerId]) -> list[_Known]:
        with self._base.db.driver() as driver:
            sealed_rows = rows(driver, _OPEN_SQL, (list(wanted),))
        found = []
        for officer, key, sealed, wrapped in sealed_rows:
            cipher = self._base.keys.cipher_for(KeyId(key), wrapped)
            data = orjson.loads(cipher.open(sealed, _context(OfficerId(officer))))
            found.append(_Known(OfficerId(officer), KeyId(key), data["name"], data["phone"]))
        return found


class BuiltInIdp:
    """Check the built-in accounts; the embedded default behind the port ``IdpBackend``."""

    def __init__(self, base: Foundation, *, passwords: Passwords) -> None:
        """Use the accounts in the database."""
        self._base = base
        self._passwords = passwords

    def authenticate(self, login: str, password: str) -> IdpAccount | None:
        """Return the account where the password is right; do the same work where there is none."""
        login_index = self._base.login_index(login)
        query = select(officers).where(officers.c.login_index == login_index, officers.c.kind == PERSON)
        with self._base.db.read() as connection:
            row = connection.execute(query).one_or_none()
        is_right = self._passwords.match(row.password_hash if row else None, password)
        if row is None or not is_right or not row.is_active:
            return None
        officer, key = OfficerId(row.id), KeyId(row.key_id)
        data = orjson.loads(self._base.keys.open(key, row.sealed, context=_context(officer)))
        return IdpAccount(officer, key, data["phone"])


def nearest_of(staffed: Collection[Unit], region: str | None) -> Unit | None:
    """Return the unit that serves the region most closely, or the topmost one for ``None``; pure."""
    if region is None:
        return min(staffed, key=lambda unit: (_depth(unit.region), unit.region), default=None)
    serving = [unit for unit in staffed if contains(unit.region, region)]
    return max(serving, key=lambda unit: _depth(unit.region), default=None)


def _depth(region: str) -> int:
    return len(region.rstrip("0"))


def _context(officer: OfficerId) -> bytes:
    return f"identity.officer:{officer}".encode()
