"""Let a colleague stand in for an absent officer (代理), from one day to another, by themselves over again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Officer
from identity.services.foundation import Foundation
from identity.services.officers import Officers

LONGEST = timedelta(days=366)
_LEADER = "leader"

_LIST_SQL = """
SELECT id, officer_id, deputy_id, first_on, last_on FROM identity_absences
WHERE org = %s AND region = %s AND ended_at IS NULL AND last_on >= %s ORDER BY first_on, id LIMIT 200"""
_ROLES_SQL = """
SELECT p.officer_id, array_agg(p.role) FROM identity_posts p
JOIN identity_officers o ON o.id = p.officer_id AND o.is_active AND o.kind = 'person'
WHERE p.org = %s AND p.region = %s GROUP BY 1 ORDER BY 1"""
_CLASH_SQL = """
SELECT 1 FROM identity_absences WHERE org = %(org)s AND region = %(region)s AND ended_at IS NULL
AND first_on <= %(last)s AND last_on >= %(first)s
AND (officer_id IN (%(absent)s, %(deputy)s) OR deputy_id = %(absent)s) LIMIT 1"""
_LOCK_SQL = "SELECT 1 FROM identity_units WHERE org = %s AND region = %s FOR UPDATE"
_ADD_SQL = """
INSERT INTO identity_absences (id, officer_id, deputy_id, org, region, first_on, last_on, entered_by, entered_at)
VALUES (%(id)s, %(absent)s, %(deputy)s, %(org)s, %(region)s, %(first)s, %(last)s, %(by)s, %(now)s)"""
_END_SQL = """
UPDATE identity_absences SET ended_at = %s
WHERE id = %s AND org = %s AND region = %s AND ended_at IS NULL AND (officer_id = %s OR %s) RETURNING 1"""


class AbsenceDaysWrong(Invalid):
    """Refuse days that are over, the wrong way round, or more than a year."""

    code = "desk.absence-days"


class DeputyWrong(Invalid):
    """Refuse a deputy who is not of the same unit and role, or the absent one."""

    code = "desk.absence-deputy"


class AbsenceClash(Conflict):
    """Refuse because one of the two is absent, or stands in, already on one of the days."""

    code = "desk.absence-clash"


class AbsenceUnknown(NotFound):
    """Answer that there is no such absence that the officer may end."""

    code = "desk.absence-unknown"


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Show one absence that lasts or will come."""

    id: UUID
    officer: OfficerId
    officer_name: str
    deputy: OfficerId
    deputy_name: str
    first_on: date
    last_on: date
    is_now: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Name an officer of the unit with roles."""

    officer: OfficerId
    name: str
    roles: frozenset[str]


class Absences:
    """Keep absences of one unit; who stands in is read with every session."""

    def __init__(self, base: Foundation, *, officers: Officers) -> None:
        """Use the shared foundation and the names of officers."""
        self._base = base
        self._officers = officers

    def colleagues(self, by: Officer) -> tuple[Colleague, ...]:
        """Return the officers of the unit, the one who asks among them."""
        roles = self._roles(by)
        names = self._officers.names(list(roles))
        return tuple(Colleague(one, names.get(one, ""), held) for one, held in roles.items())

    def absences(self, by: Officer) -> tuple[AbsenceView, ...]:
        """Return the absences of the unit that are not over, the first to begin at the top."""
        today = self._base.today()
        with self._base.db.driver() as driver:
            rows = driver.execute(_LIST_SQL, (by.org, by.region, today)).fetchall()
        names = self._officers.names({OfficerId(row[place]) for row in rows for place in (1, 2)}) if rows else {}
        return tuple(
            AbsenceView(
                id=row[0],
                officer=row[1],
                officer_name=names.get(row[1], ""),
                deputy=row[2],
                deputy_name=names.get(row[2], ""),
                first_on=row[3],
                last_on=row[4],
                is_now=row[3] <= today,
                may_end=row[1] == by.officer or by.rank == _LEADER,
            )
            for row in rows
        )

    def enter(self, absent: OfficerId, *, deputy: OfficerId, first_on: date, last_on: date, by: Officer) -> UUID:
        """Enter an absence, one's own or, as leader, a colleague's; return its id.

        Raises:
            Forbidden: somebody else's, without being the leader.
            AbsenceDaysWrong, DeputyWrong, AbsenceClash: see there.
        """
        if absent != by.officer and by.rank != _LEADER:
            raise Forbidden
        if not self._base.today() <= last_on or not first_on <= last_on < first_on + LONGEST:
            raise AbsenceDaysWrong
        roles = self._roles(by)
        if deputy == absent or not roles.get(absent, frozenset()) & roles.get(deputy, frozenset()):
            raise DeputyWrong
        unit = {"org": by.org, "region": by.region}
        values = {**unit, "absent": absent, "deputy": deputy, "first": first_on, "last": last_on}
        with self._base.db.begin() as uow:
            _check_free(uow, values)
            absence = uuid4()
            added = {**values, "id": absence, "by": by.officer, "now": self._base.now()}
            uow.driver.execute(_ADD_SQL, added)
        return absence

    def end(self, absence: UUID, *, by: Officer) -> None:
        """End an absence at once.

        Raises:
            AbsenceUnknown: over, of another unit, or a colleague's.
        """
        now: datetime = self._base.now()
        with self._base.db.driver() as driver:
            values = (now, absence, by.org, by.region, by.officer, by.rank == _LEADER)
            if driver.execute(_END_SQL, values).fetchone() is None:
                raise AbsenceUnknown

    def _roles(self, by: Officer) -> Mapping[OfficerId, frozenset[str]]:
        with self._base.db.driver() as driver:
            rows = driver.execute(_ROLES_SQL, (by.org, by.region)).fetchall()
        return {OfficerId(row[0]): frozenset(row[1]) for row in rows}


def _check_free(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    """Refuse overlaps; the unit's row is locked, so that two who enter at once see each other."""
    uow.driver.execute(_LOCK_SQL, (values["org"], values["region"]))
    if uow.driver.execute(_CLASH_SQL, values).fetchone() is not None:
        raise AbsenceClash
