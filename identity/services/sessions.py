"""Open, check, list and end sessions: random tokens, stored hashed, with an idle and an absolute end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, insert, select, update

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import OfficerId, PersonId
from gov_portal.kernel.prepared import run
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.kernel.read_only import where_writable
from identity.domain.assurance import Factor, aal_of, effective_ial
from identity.domain.errors import GuardianshipEnded, SessionUnknown, SignInNeeded
from identity.domain.guardianship import is_living
from identity.domain.values import Client, SessionId, SessionToken, SessionView
from identity.models import sessions
from identity.services.foundation import Foundation, hash_of, new_token

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_SEEN_STEP = timedelta(minutes=1)
_DEVICE_CHARACTERS = 40

_CHECK_SQL = """
SELECT held.id, held.person_id, held.officer_id, held.org, held.region, held.acting_for, held.factors, held.seen_at,
       p.ial, g.id IS NOT NULL AS is_guardian, g.ends_on, post.roles, post.rank, cover.covers,
       CASE WHEN current_setting('transaction_read_only') = 'on'
            THEN greatest((SELECT max(beat_at) FROM kernel_heartbeats), held.seen_at) END AS written_until
FROM identity_sessions held
LEFT JOIN LATERAL (
  SELECT array_agg(q.role) AS roles, max(q.rank) AS rank
  FROM identity_posts q JOIN identity_officers o ON o.id = q.officer_id AND o.is_active
  WHERE q.officer_id = held.officer_id AND q.org = held.org AND q.region = held.region) post ON true
LEFT JOIN LATERAL (
  SELECT array_agg(a.officer_id) AS covers FROM identity_absences a
  WHERE a.deputy_id = held.officer_id AND a.org = held.org AND a.region = held.region AND a.ended_at IS NULL
    AND a.first_on <= %s AND a.last_on >= %s) cover ON true
LEFT JOIN identity_people p ON p.id = held.person_id
LEFT JOIN identity_guardianships g
  ON g.guardian_id = held.person_id AND g.ward_id = held.acting_for AND g.ended_at IS NULL
WHERE held.token_hash = %s AND held.ended_at IS NULL AND held.expires_at > %s"""
"""Reads the session with everything its principal needs, the living guardianship row included.

While nothing can be written, also until when something could: the last beat of any process.
"""

_SEEN_SQL = """
WITH free AS (
  SELECT held.id, seen.at FROM identity_sessions held
  JOIN unnest(%(ids)s::uuid[], %(ats)s::timestamptz[]) AS seen (id, at) ON seen.id = held.id
  WHERE held.seen_at < seen.at FOR UPDATE OF held SKIP LOCKED)
UPDATE identity_sessions held SET seen_at = free.at FROM free WHERE held.id = free.id"""
"""Notes that sessions were seen, apart from reading them, which goes on while nothing can be written.

One that another process is noting is left to it: nobody waits, in whatever order they come.
"""

_SET_UNIT_SQL = """
UPDATE identity_sessions s SET org = %(org)s, region = %(region)s
WHERE s.token_hash = %(hash)s AND s.ended_at IS NULL AND EXISTS (
  SELECT 1 FROM identity_posts p WHERE p.officer_id = s.officer_id AND p.org = %(org)s AND p.region = %(region)s)"""


class _SessionRow(NamedTuple):
    id: UUID
    person_id: UUID | None
    officer_id: UUID | None
    org: str
    region: str
    acting_for: UUID | None
    factors: list[str]
    seen_at: datetime
    ial: int
    is_guardian: bool
    ends_on: date | None
    roles: list[str] | None
    rank: str | None
    covers: list[UUID] | None
    written_until: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """Hold one living session."""

    id: SessionId
    principal: Citizen | Officer
    has_lost_ward: bool


class Sessions:
    """Keep sessions as rows; all of it is security time but the end of a guardianship."""

    def __init__(self, base: Foundation) -> None:
        """Use the shared foundation."""
        self._base = base
        self._unwritten: dict[UUID, datetime] = {}
        """When sessions were seen while nothing could be written; noted with the first that can be again."""

    def open_for_person(
        self, uow: UnitOfWork, person: PersonId, *, factors: frozenset[Factor], client: Client
    ) -> SessionToken:
        """Open a session for a person."""
        return self._open(uow, holder={"person_id": person}, factors=factors, client=client)

    def open_for_officer(
        self, uow: UnitOfWork, officer: OfficerId, *, unit: tuple[str, str], factors: frozenset[Factor], client: Client
    ) -> SessionToken:
        """Open a session for an officer at one unit, given as department and region."""
        holder = {"officer_id": officer, "org": unit[0], "region": unit[1]}
        return self._open(uow, holder=holder, factors=factors, client=client)

    def principal(self, token: SessionToken) -> Citizen | Officer | None:
        """Return who holds the session, by one statement.

        Raises:
            GuardianshipEnded: once, when the guardianship that it acted under is over.
        """
        held = self.held(token)
        if held is None:
            return None
        if held.has_lost_ward:
            self.set_ward(held.id, None)
            raise GuardianshipEnded
        return held.principal

    def held(self, token: SessionToken) -> Held | None:
        """Return the living session, or ``None``; once a minute it is noted that it was seen.

        While nothing can be written nobody is idle for want of a note: what counts is how long before that moment a
        session was seen last. Its absolute end stays.
        """
        now, today = self._base.now(), self._base.today()
        with self._base.db.driver() as driver:
            found = run(driver, _CHECK_SQL, (today, today, hash_of(token), now))
        if found is None:
            return None
        row = _SessionRow(*found)
        seen_at = max(row.seen_at, self._unwritten.get(row.id, row.seen_at))
        if seen_at <= (row.written_until or now) - IDLE:
            return None
        if seen_at <= now - _SEEN_STEP:
            self._note_seen(row.id, now)
        return self._read(row)

    def _note_seen(self, session: UUID, now: datetime) -> None:
        self._unwritten[session] = now
        seen = dict(self._unwritten)
        with where_writable(), self._base.db.driver() as driver:
            driver.execute(_SEEN_SQL, {"ids": list(seen), "ats": list(seen.values())})
            for one, at in seen.items():
                if self._unwritten.get(one) == at:
                    self._unwritten.pop(one, None)

    def end(self, token: SessionToken) -> None:
        """End the session; an unknown token is fine."""
        self._end(sessions.c.token_hash == hash_of(token))

    def list_open(self, token: SessionToken) -> tuple[SessionView, ...]:
        """List the holder's living sessions, the latest first."""
        held, now = self._need(token), self._base.now()
        query = (
            select(sessions)
            .where(
                _belongs_to(held),
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > now,
                sessions.c.seen_at > now - IDLE,
            )
            .order_by(sessions.c.started_at.desc())
        )
        with self._base.db.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            SessionView(SessionId(row.id), row.device, row.started_at, row.seen_at, row.id == held.id) for row in rows
        )

    def end_one(self, token: SessionToken, session: SessionId) -> None:
        """End one session of the holder.

        Raises:
            SessionUnknown: it is not the holder's, or has ended.
        """
        if not self._end((sessions.c.id == session) & _belongs_to(self._need(token))):
            raise SessionUnknown

    def tidy(self, *, after: timedelta = timedelta(days=30)) -> int:
        """Remove sessions that ended so long ago; return how many."""
        with self._base.db.begin() as uow:
            old = delete(sessions).where(sessions.c.expires_at < self._base.now() - after)
            return len(uow.connection.execute(old.returning(sessions.c.id)).all())

    def _open(
        self, uow: UnitOfWork, *, holder: dict[str, object], factors: frozenset[Factor], client: Client
    ) -> SessionToken:
        token, now = SessionToken(new_token()), self._base.now()
        uow.connection.execute(
            insert(sessions).values(
                id=uuid4(),
                token_hash=hash_of(token),
                factors=sorted(factors),
                device=client.device[:_DEVICE_CHARACTERS],
                started_at=now,
                seen_at=now,
                expires_at=now + LONGEST,
                **holder,
            )
        )
        return token

    def _end(self, which: ColumnElement[bool]) -> bool:
        ended = (
            update(sessions)
            .where(which, sessions.c.ended_at.is_(None))
            .values(ended_at=self._base.now())
            .returning(sessions.c.id)
        )
        with self._base.db.begin() as uow:
            return uow.connection.execute(ended).first() is not None

    def end_all(self, uow: UnitOfWork, person: PersonId, *, but: SessionToken | None = None) -> None:
        """End every session of a person, perhaps but one, in the transaction that changes how they sign in."""
        which = (sessions.c.person_id == person) & sessions.c.ended_at.is_(None)
        if but is not None:
            which &= sessions.c.token_hash != hash_of(but)
        uow.connection.execute(update(sessions).where(which).values(ended_at=self._base.now()))

    def set_ward(self, session: SessionId, ward: PersonId | None) -> None:
        """Let the session act for a ward; the caller has checked the guardianship."""
        with self._base.db.begin() as uow:
            uow.connection.execute(update(sessions).where(sessions.c.id == session).values(acting_for=ward))

    def set_unit(self, token: SessionToken, *, org: str, region: str) -> bool:
        """Let an officer's session stand at another unit where they hold a post; false where they hold none."""
        with self._base.db.driver() as driver:
            return driver.execute(_SET_UNIT_SQL, {"hash": hash_of(token), "org": org, "region": region}).rowcount > 0

    def _need(self, token: SessionToken) -> Held:
        held = self.held(token)
        if held is None:
            raise SignInNeeded
        return held

    def _read(self, row: _SessionRow) -> Held | None:
        aal = aal_of([Factor(name) for name in row.factors])
        if row.officer_id is not None:
            if not row.roles:
                return None
            roles = frozenset(row.roles)
            at = Officer(
                OfficerId(row.officer_id),
                row.org,
                row.region,
                roles=roles,
                rank=row.rank or "",
                aal=aal,
                covers=frozenset(OfficerId(one) for one in row.covers or ()),
            )
            return Held(SessionId(row.id), at, has_lost_ward=False)
        if row.person_id is None:
            return None
        stands = row.is_guardian and is_living(row.ends_on, today=self._base.today())
        citizen = Citizen(
            PersonId(row.person_id),
            ial=effective_ial(row.ial, aal=aal),
            aal=aal,
            acting_for=PersonId(row.acting_for) if row.acting_for and stands else None,
        )
        return Held(SessionId(row.id), citizen, has_lost_ward=row.acting_for is not None and not stands)


def _belongs_to(held: Held) -> ColumnElement[bool]:
    if isinstance(held.principal, Officer):
        return sessions.c.officer_id == held.principal.officer
    return sessions.c.person_id == held.principal.person
