"""Keep guardianships (监护) as rows: ended when the record no longer shows them, never removed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.prepared import rows
from identity.domain.guardianship import end_of_guardianship
from identity.models import guardianships
from identity.services.foundation import Foundation

SOURCE = "civil.guardian"

_LIVING_SQL = """
SELECT ward_id, ends_on, checked_at FROM identity_guardianships
WHERE guardian_id = %s AND ended_at IS NULL AND (ends_on IS NULL OR ends_on > %s) AND (%s::uuid IS NULL OR ward_id = %s)
"""


class GuardianshipRow(NamedTuple):
    """Hold a living guardianship: over whom, its last day if it has one, and when the record was last asked."""

    ward_id: UUID
    ends_on: date | None
    checked_at: datetime


class Guardianships:
    """Write and read the rows; what is living is measured by business time."""

    def __init__(self, base: Foundation) -> None:
        """Use the shared foundation."""
        self._base = base

    def keep(self, uow: UnitOfWork, guardian: PersonId, *, ward: PersonId, ward_id_no: str) -> None:
        """Write that the record shows the guardianship now; a minor's ends on the 18th birthday."""
        now = self._base.now()
        ends_on = end_of_guardianship(citizen_id.birth(ward_id_no), today=self._base.today())
        row = upsert(guardianships).values(
            id=uuid4(),
            guardian_id=guardian,
            ward_id=ward,
            source=SOURCE,
            ends_on=ends_on,
            checked_at=now,
            created_at=now,
        )
        uow.connection.execute(
            row.on_conflict_do_update(
                index_elements=[guardianships.c.guardian_id, guardianships.c.ward_id],
                index_where=guardianships.c.ended_at.is_(None),
                set_={"checked_at": now, "ends_on": ends_on},
            )
        )

    def living(self, guardian: PersonId, *, ward: PersonId | None = None) -> Sequence[GuardianshipRow]:
        """Return the guardian's living rows, or the one over a ward."""
        with self._base.db.driver() as driver:
            asked = (guardian, self._base.today(), ward, ward)
            return [GuardianshipRow(*row) for row in rows(driver, _LIVING_SQL, asked)]

    def end(self, guardian: PersonId, *, ward: PersonId, because: str) -> None:
        """End a guardianship at once."""
        self._end((guardianships.c.guardian_id == guardian) & (guardianships.c.ward_id == ward), because=because)

    def tidy(self) -> int:
        """End the rows of wards who came of age; return how many."""
        return self._end(guardianships.c.ends_on <= self._base.today(), because="of-age")

    def _end(self, which: ColumnElement[bool], *, because: str) -> int:
        ended = (
            update(guardianships)
            .where(which, guardianships.c.ended_at.is_(None))
            .values(ended_at=self._base.now(), ended_because=because)
            .returning(guardianships.c.id)
        )
        with self._base.db.begin() as uow:
            return len(uow.connection.execute(ended).all())
