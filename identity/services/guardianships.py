"""Keep guardianships (监护) as rows: ended when the record no longer shows them, never removed."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import PersonId
from identity.domain.guardianship import end_of_guardianship
from identity.models import guardianships
from identity.services.foundation import Foundation

SOURCE = "civil.guardian"

GuardianshipRow = Row[Any]


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
        query = select(guardianships).where(
            guardianships.c.guardian_id == guardian,
            guardianships.c.ended_at.is_(None),
            or_(guardianships.c.ends_on.is_(None), guardianships.c.ends_on > self._base.today()),
        )
        if ward is not None:
            query = query.where(guardianships.c.ward_id == ward)
        with self._base.db.read() as connection:
            return connection.execute(query).all()

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
