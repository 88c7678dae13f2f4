"""Read and write the rows of presentations; the service decides, this only moves rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.models import presentations
from gov_portal.licences.presentation import ShownOnce, Ticket
from gov_portal.licences.storage import StoredVersion


@dataclass(frozen=True, slots=True)
class Check:
    """Tell how often a code was checked, and when first."""

    first_at: datetime
    count: int


def count_check(uow: UnitOfWork, ticket: Ticket, stored: StoredVersion, *, at: datetime) -> Check:
    """Count one check of a code; of several at once exactly one is the first."""
    row = {
        "nonce": ticket.nonce,
        "licence_id": stored.licence,
        "version": stored.version,
        "made_at": ticket.made_at,
        "checked_at": at,
    }
    adding = insert(presentations).values(row)
    counting = adding.on_conflict_do_update(
        index_elements=["nonce"], set_={"checks": presentations.c.checks + 1}
    ).returning(presentations.c.checked_at, presentations.c.checks)
    found = uow.connection.execute(counting).one()
    return Check(found.checked_at, found.checks)


def is_checked(connection: Connection, ticket: Ticket) -> bool:
    """Tell whether somebody checked the code."""
    asked = select(presentations.c.nonce).where(presentations.c.nonce == ticket.nonce)
    return connection.execute(asked).one_or_none() is not None


def of_licence(connection: Connection, licence: LicenceId, *, limit: int) -> list[ShownOnce]:
    """Return when a licence was shown and checked, newest first."""
    asked = select(presentations).where(presentations.c.licence_id == licence)
    found = connection.execute(asked.order_by(presentations.c.checked_at.desc()).limit(limit))
    return [ShownOnce(made_at=row.made_at, checked_at=row.checked_at, checks=row.checks) for row in found]


def forget(uow: UnitOfWork, *, before: datetime) -> int:
    """Remove what was checked before an instant; return how many."""
    old = delete(presentations).where(presentations.c.checked_at < before)
    return uow.connection.execute(old).rowcount
