"""Carry messages out, try again where a carrier does not answer, and put aside what cannot be delivered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import Row, func, select, update

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyShredded, KeyStore
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.decisions import GIVEN_UP
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.messaging.catalogue import Catalogue, shipped
from gov_portal.messaging.models import deliveries, messages
from gov_portal.messaging.news import CODE_MESSAGE, EMAIL, RULES, SMS, Wishes, kind_of
from gov_portal.messaging.ports import Carrier, CarrierRefused, CarrierUnavailable, Parcel
from gov_portal.messaging.preferences import MessagePreferences, StopLinks
from gov_portal.messaging.services import TOPIC, Details, opened

PAUSES_S = (30, 120, 600, 3600, 4 * 3600, 12 * 3600)
"""How long to wait after each attempt in vain; after the last a message is put aside."""

CODE_PAUSES_S = (2, 5, 15, 30, 60)
CODE_LIFE = timedelta(minutes=5)
"""A code that comes after its time confuses; it is put aside instead."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parked:
    """Show operators one delivery that was put aside (搁置): ids and codes only."""

    id: UUID
    channel: str
    code: str
    reason: str
    attempts: int
    created_at: datetime


class Deliverer:
    """Deliver the outbox messages of ``TOPIC``."""

    def __init__(
        self,
        db: Database,
        *,
        keys: KeyStore,
        carriers: Mapping[str, Carrier],
        base_url: str,
        clock: Clock | None = None,
    ) -> None:
        """Keep the carriers by channel.

        Args:
            db: where messages are kept.
            keys: keys of the addressees.
            carriers: by channel; a channel without one puts its messages aside.
            base_url: address of the portal, for links.
            clock: real time, for quiet hours and the life of codes.
        """
        self._db = db
        self._keys = keys
        self._carriers = carriers
        self._base_url = base_url
        self._clock = clock or SystemClock()
        self._links = StopLinks(keys)
        self._preferences = MessagePreferences(db, self._links)
        self._catalogue: Catalogue = shipped()

    def deliver(self, message: OutboxMessage) -> None:
        """Carry one message out and finish the outbox row with its result; safe to run twice.

        Between a carrier's yes and our own commit lies an instant: a worker that is lost in it delivers again, under
        the same id, which a carrier that can tell leaves out.
        """
        row = self._find(UUID(str(message.payload["delivery"])))
        if row is None or row.status != "waiting":
            self._end(message, None, status="")
            return
        wishes = self._preferences.of(PersonId(row.recipient_id)) if row.recipient_id else Wishes()
        if pause_s := self._quiet_s(row, wishes):
            outbox.fail(self._db, message, error="quiet-hours", delay_s=pause_s)
            return
        try:
            self._carry(row, wishes)
        except KeyShredded:
            self._end(message, row, status="parked", reason="shredded")
        except CarrierRefused as refusal:
            self._end(message, row, status="parked", reason=refusal.reason)
        except CarrierUnavailable as outage:
            self._try_again(message, row, reason=outage.reason)
        else:
            self._end(message, row, status="sent")

    def parked(self, *, limit: int = 100) -> tuple[Parked, ...]:
        """Return what was put aside, the latest first."""
        query = (
            select(deliveries, messages.c.code)
            .join(messages, messages.c.id == deliveries.c.message_id)
            .where(deliveries.c.status == "parked")
            .order_by(deliveries.c.created_at.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            return tuple(
                Parked(row.id, row.channel, row.code, row.reason or "", row.attempts, row.created_at)
                for row in connection.execute(query)
            )

    def retry(self, only: Collection[UUID] = ()) -> int:
        """Try again what was put aside, everything or only some; codes stay aside. Return how many."""
        coded = select(messages.c.id).where(messages.c.code == CODE_MESSAGE)
        which = (deliveries.c.status == "parked") & deliveries.c.message_id.not_in(coded)
        if only:
            which &= deliveries.c.id.in_(only)
        again = update(deliveries).where(which).values(status="waiting", attempts=0, reason=None, ended_at=None)
        with self._db.begin() as uow:
            found = [row.id for row in uow.connection.execute(again.returning(deliveries.c.id))]
            outbox.add(uow, *(OutboxMessage(TOPIC, f"message:{one}", {"delivery": str(one)}) for one in found))
        return len(found)

    def give_up(self, uow: UnitOfWork, message: OutboxMessage) -> None:
        """Put a delivery aside whose message an operator has ended."""
        which = (deliveries.c.id == UUID(str(message.payload["delivery"]))) & (deliveries.c.status == "waiting")
        uow.connection.execute(
            update(deliveries).where(which).values(status="parked", reason=GIVEN_UP, ended_at=func.now())
        )

    def _find(self, delivery: UUID) -> Row[tuple[object, ...]] | None:
        columns = (deliveries.c.id.label("delivery"), *(deliveries.c[name] for name in _OWN))
        query = (
            select(messages, *columns)
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(deliveries.c.id == delivery)
        )
        with self._db.read() as connection:
            return connection.execute(query).one_or_none()

    def _carry(self, row: Row[tuple[object, ...]], wishes: Wishes) -> None:
        if row.code == CODE_MESSAGE and self._clock.now() - row.created_at > CODE_LIFE:
            raise CarrierRefused("expired")
        carrier = self._carriers.get(row.channel)
        if carrier is None:
            raise CarrierRefused("no-carrier")
        carrier.carry(self._parcel(row, opened(self._keys, row), wishes))

    def _parcel(self, row: Row[tuple[object, ...]], details: Details, wishes: Wishes) -> Parcel:
        can_stop = row.channel == EMAIL and row.code != CODE_MESSAGE and RULES[kind_of(row.code)].is_choice
        return Parcel(
            id=row.delivery,
            to=details.email if row.channel == EMAIL else details.phone,
            code=row.code,
            text=self._catalogue.outside(row.code, details.params, language=wishes.language),
            language=wishes.language,
            case=f"{self._base_url}/cases/{row.case_id}" if row.case_id else "",
            stop=f"{self._base_url}/messages/stop/{self._links.token(row.delivery)}" if can_stop else "",
        )

    def _quiet_s(self, row: Row[tuple[object, ...]], wishes: Wishes) -> float:
        """Return for how long a phone should not ring now; codes and matters of safety do not wait."""
        if row.channel != SMS or row.code == CODE_MESSAGE or RULES[kind_of(row.code)].is_urgent:
            return 0
        now = self._clock.now().astimezone(SHANGHAI)
        hours = wishes.quiet_hours_left(now.hour)
        return hours * 3600 - now.minute * 60 - now.second if hours else 0

    def _try_again(self, message: OutboxMessage, row: Row[tuple[object, ...]], *, reason: str) -> None:
        pauses = CODE_PAUSES_S if row.code == CODE_MESSAGE else PAUSES_S
        if row.attempts >= len(pauses):
            self._end(message, row, status="parked", reason=reason)
            return
        tried = update(deliveries).where(deliveries.c.id == row.delivery)
        with self._db.begin() as uow:
            uow.connection.execute(tried.values(attempts=deliveries.c.attempts + 1, reason=reason))
        outbox.fail(self._db, message, error=reason, delay_s=pauses[row.attempts])

    def _end(
        self, message: OutboxMessage, row: Row[tuple[object, ...]] | None, *, status: str, reason: str | None = None
    ) -> None:
        """Record how a delivery ended and finish the outbox row in the same transaction."""
        with self._db.begin() as uow:
            outbox.finish(uow, message)
            if row is not None:
                ended = update(deliveries).where(deliveries.c.id == row.delivery)
                values = {"status": status, "reason": reason, "ended_at": func.now()}
                uow.connection.execute(ended.values(attempts=deliveries.c.attempts + 1, **values))
        if status == "parked" and row is not None:
            _log.error("message-parked", delivery=str(row.delivery), channel=row.channel, code=row.code, reason=reason)


_OWN = ("channel", "status", "attempts", "created_at")
