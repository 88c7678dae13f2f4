"""Keep who takes part in a case beside its applicant (当事人); a party joins when it is first asked."""

from typing import NamedTuple
from uuid import UUID

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, PersonId
from gov_portal.kernel.principal import Citizen
from workflows.storage.statements import Statement
from workflows.storage.visibility import visible_to

_JOIN = """INSERT INTO workflows_parties (case_id, party, person) VALUES (%s, %s, %s)
    ON CONFLICT (case_id, party) DO NOTHING"""
_PARTY = "SELECT party FROM workflows_parties WHERE case_id = %s AND person = %s"
_PERSON = "SELECT person FROM workflows_parties WHERE case_id = %s AND party = %s"
_INVOLVING = """SELECT c.id, y.party, c.case_number, c.item, c.definition_hash, c.status, c.changed_at,
    (SELECT count(*) > 0 FROM workflows_tasks t WHERE t.case_id = c.id AND t.role = y.party)
    FROM workflows_parties y JOIN workflows_cases c ON c.id = y.case_id
    WHERE y.person = %s AND {sight} ORDER BY c.changed_at DESC LIMIT 200"""


class InvolvedRow(NamedTuple):
    """Hold one case that involves a person as a party."""

    id: UUID
    party: str
    case_number: str | None
    item: str
    definition_hash: str
    status: str
    changed_at: object
    is_asked: bool


def joining(case: CaseId, party: str, *, person: PersonId) -> Statement:
    """Return the statement that lets a person join a case as a party; nothing where the party is there."""
    return (_JOIN, (case, party, person))


def party_of(driver: Driver, case: CaseId, *, person: PersonId) -> str | None:
    """Return as what a person takes part in a case."""
    row = driver.execute(_PARTY, (case, person)).fetchone()
    return None if row is None else str(row[0])


def person_of(driver: Driver, case: CaseId, *, party: str) -> PersonId | None:
    """Return who takes part as a party; ``None`` while nobody is known."""
    row = driver.execute(_PERSON, (case, party)).fetchone()
    return None if row is None else PersonId(row[0])


def involving(driver: Driver, by: Citizen) -> list[InvolvedRow]:
    """Return the cases that a person takes part in, the latest change first."""
    sight = visible_to(by, as_party=True)
    sql = _INVOLVING.replace("{sight}", sight.clause)
    return [InvolvedRow(*row) for row in driver.execute(sql, (by.subject, *sight.params)).fetchall()]
