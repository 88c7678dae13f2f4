"""Fill an empty installation with made-up officers, citizens and guardianships; for the sandbox only.

Nothing here checks the population base: the caller answers for the rows. Run again, it adds what is missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import PersonId
from identity.domain.assurance import TWO_ELEMENTS_MATCHED
from identity.services.foundation import Foundation
from identity.services.guardianships import Guardianships
from identity.services.officers import NewOfficer, Officers
from identity.services.passwords import Passwords
from identity.services.people import Identity, People, new_person_id


@dataclass(frozen=True, slots=True)
class SeedPerson:
    """Hold one made-up person; without ``has_account`` they are only known as a ward.

    Attributes:
        guardian_id_no: citizen id of the guardian among the rows, if there is one.
    """

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False, default="")
    has_account: bool = True
    guardian_id_no: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class SeedReport:
    """Count what was added."""

    officers: int
    people: int
    guardianships: int


class Seeder:
    """Write the rows; every account gets the same password."""

    def __init__(self, base: Foundation, *, passwords: Passwords) -> None:
        """Build the parts that it writes with."""
        self._base = base
        self._passwords = passwords
        self._people = People(base)
        self._officers = Officers(base)
        self._guardianships = Guardianships(base)

    def seed(self, *, officers: Iterable[NewOfficer], people: Sequence[SeedPerson], password: str) -> SeedReport:
        """Add what is missing and return the counts."""
        password_hash = self._passwords.hash(password)
        with self._base.db.begin() as uow:
            found = [self._officers.enter(uow, officer, password_hash=password_hash) for officer in officers]
        before = {person.id_no: self._people.by_id_no(person.id_no) for person in people}
        with self._base.db.begin() as uow:
            ids = {
                person.id_no: before[person.id_no] or self._enter(uow, person, password_hash=password_hash)
                for person in people
            }
        new = [person for person in people if before[person.id_no] is None]
        entered = sum(officer is not None for officer in found)
        return SeedReport(entered, len(new), self._keep(new, ids))

    def _enter(self, uow: UnitOfWork, person: SeedPerson, *, password_hash: str) -> PersonId:
        identity = Identity(person.name, person.id_no, person.phone)
        key, fresh = self._base.keys.create(uow), new_person_id()
        self._people.enter(uow, identity, person=fresh, key=key, ial=TWO_ELEMENTS_MATCHED)
        if person.has_account:
            self._people.give_password(uow, fresh, password_hash=password_hash)
        return fresh

    def _keep(self, people: Sequence[SeedPerson], ids: dict[str, PersonId]) -> int:
        warded = [person for person in people if person.guardian_id_no in ids]
        with self._base.db.begin() as uow:
            for person in warded:
                guardian = ids[person.guardian_id_no or ""]
                self._guardianships.keep(uow, guardian, ward=ids[person.id_no], ward_id_no=person.id_no)
        return len(warded)
