"""Join identity, documents, licences and messaging to the workflows."""

from collections.abc import Collection, Mapping
from uuid import uuid4

from gov_portal.exchange.domain import AnswerKind, Operation
from gov_portal.exchange.journal import LedgerJournal
from gov_portal.exchange.ports import Record
from gov_portal.kernel.ids import KeyId, OfficerId, PersonId
from gov_portal.kernel.principal import Officer, actor_of
from identity.domain.values import Unit
from identity.services.officers import Officers
from identity.services.people import People
from identity.services.service import IdentityService
from workflows.ports import Office, PersonFacts, Reading

REPORT_PURPOSE = "report"
_OPERATORS = "data"
"""As which department the operators of the platform read."""

_REPORTED = ("name", "id_no", "phone", "case_number")
"""What a report says of its applicant."""


class Offices:
    """Tell the workflows which officers serve where."""

    def __init__(self, officers: Officers) -> None:
        """Ask the officers of identity."""
        self._officers = officers

    def nearest(self, org: str, region: str | None) -> Office | None:
        """Return the unit that serves a region most closely."""
        unit = self._officers.nearest(org, region)
        return None if unit is None else Office(unit.org, unit.region, unit.name, unit.credit_code)

    def eligible(self, office: Office, *, role: str, rank: str | None) -> tuple[OfficerId, ...]:
        """Return the officers in posts of that role and rank, by id."""
        return self._officers.eligible(Unit(office.org, office.region, office.name), role=role, rank=rank)

    def at_post(self, officer: OfficerId, *, org: str, region: str) -> Officer | None:
        """Return the officer with roles, rank and covers at a unit."""
        return self._officers.at_post(officer, org=org, region=region)

    def names(self, officers: Collection[OfficerId]) -> Mapping[OfficerId, str]:
        """Return display names, for officers' own pages only."""
        return self._officers.names(officers)


class CaseReadings:
    """Write into a person's data records (数据使用记录) that the report of their case was read."""

    def __init__(self, journal: LedgerJournal, *, people: People) -> None:
        """Write to the journal of the exchange, which people read."""
        self._journal = journal
        self._people = people

    def note(self, reading: Reading) -> None:
        """Write one reading down."""
        reader = reading.by.org.removeprefix("dept.") if isinstance(reading.by, Officer) else _OPERATORS
        facts = {
            "call": str(uuid4()),
            "resource": f"{reader}.case-report",
            "operation": Operation.QUERY.value,
            "purpose": REPORT_PURPOSE,
            "fields": list(_REPORTED),
            "case": str(reading.case),
            "item": reading.item,
            "outcome": AnswerKind.FOUND.value,
        }
        subject = self._people.facts(reading.subject).id_no
        self._journal.write(Record(kind="answered", subject=subject, actor=actor_of(reading.by), facts=facts))


class Persons:
    """Tell the workflows who persons are."""

    def __init__(self, people: People, *, identity: IdentityService) -> None:
        """Ask the people of identity."""
        self._people = people
        self._identity = identity

    def facts(self, person: PersonId) -> PersonFacts:
        """Return what the account holds."""
        facts = self._people.facts(person)
        return PersonFacts(name=facts.name, id_no=facts.id_no, phone=facts.phone, birth=facts.birth)

    def key_of(self, person: PersonId) -> KeyId:
        """Return the envelope key of the person."""
        return self._people.key_of(person)

    def find(self, id_no: str) -> PersonId | None:
        """Return the person of a citizen id."""
        return self._people.by_id_no(id_no)

    def masked_names(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return names such as 张*, in one statement."""
        return self._people.masked_names(persons)

    def phones(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return the numbers of those whose account has one, in one statement."""
        return self._people.phones(persons)

    def is_guardian(self, guardian: PersonId, ward: PersonId) -> bool:
        """Tell whether a valid guardianship record stands."""
        return self._identity.is_guardian(guardian, ward=ward)

    def with_accounts(self, *, after: PersonId | None, most: int) -> tuple[PersonId, ...]:
        """Return people who have an account, by id, behind ``after``."""
        return self._people.with_accounts(after=after, most=most)

    def person_of(self, id_no: str) -> PersonId | None:
        """Return the person of a citizen id who has an account."""
        person = self._people.by_id_no(id_no)
        return person if person is not None and self._people.has_account(person) else None
