"""Read and write what is offered to people (workflows_offers, workflows_surveys)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId, ItemId, LicenceId, PersonId

OPEN, TAKEN, DECLINED = "open", "taken", "declined"
"""States of an offer."""

_ADD = """INSERT INTO workflows_offers (id, item, person, occasion, reason, state, about, made_at)
    VALUES (%s, %s, %s, %s, %s, 'open', %s, %s) ON CONFLICT (item, person, occasion) DO NOTHING RETURNING id"""
_COLUMNS = "id, item, person, reason, state, about, case_id, made_at"
_OPEN = f"SELECT {_COLUMNS} FROM workflows_offers WHERE person = %s AND state = 'open' ORDER BY made_at, id"  # noqa: S608 - own columns
_FIND = f"SELECT {_COLUMNS} FROM workflows_offers WHERE id = %s AND person = %s"  # noqa: S608 - own columns
_SETTLE = """UPDATE workflows_offers SET state = %s, case_id = %s, settled_at = %s
    WHERE id = %s AND state = 'open' RETURNING id"""
_LAST = """SELECT max(at) FROM (
    SELECT made_at AS at FROM workflows_offers WHERE item = %s AND person = %s
    UNION ALL SELECT begun_at FROM workflows_cases
    WHERE item = %s AND applicant = %s AND status <> 'discarded') known"""
_ASKED = "SELECT asked_on FROM workflows_surveys WHERE item = %s AND person = %s"
_NOTE = """INSERT INTO workflows_surveys (item, person, asked_on) VALUES (%s, %s, %s)
    ON CONFLICT (item, person) DO UPDATE SET asked_on = excluded.asked_on"""


class OfferRow(NamedTuple):
    """Hold one offer as it is stored."""

    id: UUID
    item: str
    person: UUID
    reason: str
    state: str
    about: UUID | None
    case_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """Say what is offered to whom; ``occasion`` keeps it from being offered twice."""

    item: ItemId
    person: PersonId
    occasion: str
    reason: str
    about: LicenceId | None = None


def add_offer(driver: Driver, new: NewOffer, *, at: datetime) -> UUID | None:
    """Return the id of a new offer; ``None`` where the same was made before."""
    row = driver.execute(_ADD, (uuid4(), new.item, new.person, new.occasion, new.reason, new.about, at)).fetchone()
    return None if row is None else UUID(str(row[0]))


def open_offers(driver: Driver, person: PersonId) -> list[OfferRow]:
    """Return the open offers of a person, oldest first."""
    return [OfferRow(*row) for row in driver.execute(_OPEN, (person,)).fetchall()]


def find_offer(driver: Driver, offer: UUID, *, person: PersonId) -> OfferRow | None:
    """Return one offer of a person."""
    row = driver.execute(_FIND, (offer, person)).fetchone()
    return None if row is None else OfferRow(*row)


def settle_offer(driver: Driver, offer: UUID, *, state: str, case: CaseId | None, at: datetime) -> bool:
    """End an open offer; false where it has ended before."""
    return driver.execute(_SETTLE, (state, case, at, offer)).fetchone() is not None


def last_time(driver: Driver, item: ItemId, *, person: PersonId) -> datetime | None:
    """Return when the item was last offered to the person or begun by them."""
    row = driver.execute(_LAST, (item, person, item, person)).fetchone()
    return None if row is None else row[0]


def asked_on(driver: Driver, item: ItemId, *, person: PersonId) -> date | None:
    """Return when departments were last asked whether the item is for the person."""
    row = driver.execute(_ASKED, (item, person)).fetchone()
    return None if row is None else row[0]


def note_asked(driver: Driver, item: ItemId, *, person: PersonId, on: date) -> None:
    """Remember that departments were asked."""
    driver.execute(_NOTE, (item, person, on))
