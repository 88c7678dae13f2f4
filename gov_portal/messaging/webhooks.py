"""Let units be told by webhooks (Standard Webhooks) what happens in their cases; each keeps its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import structlog
from sqlalchemy import ColumnElement, Row, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Officer, Platform, actor_of
from gov_portal.messaging.events import EVENTS, TEST_EVENT, Event
from gov_portal.messaging.models import webhook_deliveries, webhooks
from gov_portal.messaging.posting import AddressRefused, Poster
from gov_portal.messaging.signing import new_secret
from gov_portal.messaging.webhook_views import (
    Subscribed,
    TooManyWebhooks,
    WebhookDeliveryUnknown,
    WebhookDeliveryView,
    WebhookEventUnknown,
    WebhookPaused,
    WebhookUnknown,
    WebhookUrlRefused,
    WebhookView,
    delivery_view,
    webhook_view,
)

TOPIC = "webhook.deliver"
"""Topic of the outbox messages that ask for one delivery; their payload is its id."""

PAUSED = "paused"
"""Why a webhook is told nothing that its own unit has paused."""

OVERLAP = timedelta(hours=24)
MOST_PER_UNIT = 20
MOST_REPLAYED = 10_000
LONGEST_LABEL = 100
KEPT = timedelta(days=30)
_ROWS_PER_INSERT = 1000

_log = structlog.get_logger(__name__)

Keeper = Officer | Platform
"""Who looks after webhooks: an officer or a system after those of their unit, an operator's command after all."""


class Webhooks:
    """Keep webhooks and what was told by them."""

    def __init__(self, db: Database, *, keys: KeyStore, poster: Poster) -> None:
        """Seal the secrets with the platform's key; ``poster`` judges addresses."""
        self._db = db
        self._keys = keys
        self._poster = poster

    def subscribe(self, url: str, events: Sequence[str], *, label: str = "", by: Officer) -> Subscribed:
        """Tell an address of events from now on.

        Raises:
            WebhookUrlRefused, WebhookEventUnknown: that cannot be.
            TooManyWebhooks: the unit has twenty.
        """
        self._check(url, events, label)
        webhook, secret = uuid4(), new_secret()
        values = {
            "id": webhook,
            "org": by.org,
            "region": by.region,
            "url": url,
            "events": sorted(set(events)),
            "label": label,
            "sealed": self._seal(webhook, secret),
            "created_by": by.officer,
        }
        with self._db.begin() as uow:
            count = select(func.count()).where(_of(by))
            if (uow.connection.scalar(count) or 0) >= MOST_PER_UNIT:
                raise TooManyWebhooks(most=MOST_PER_UNIT)
            row = uow.connection.execute(insert(webhooks).values(**values).returning(webhooks)).one()
        _log.info("webhook-subscribed", webhook=str(webhook), by=actor_of(by))
        return Subscribed(webhook_view(row), secret)

    def list(self, by: Keeper) -> tuple[WebhookView, ...]:
        """List the unit's webhooks, the latest first."""
        with self._db.read() as connection:
            rows = connection.execute(select(webhooks).where(_of(by)).order_by(webhooks.c.created_at.desc()))
            return tuple(map(webhook_view, rows))

    def webhook(self, webhook: UUID, *, by: Keeper) -> WebhookView:
        """Return one webhook.

        Raises:
            WebhookUnknown: the unit has no such webhook.
        """
        with self._db.read() as connection:
            return webhook_view(
                _known(connection.execute(select(webhooks).where(_of(by), webhooks.c.id == webhook)).first())
            )

    def rotate(self, webhook: UUID, *, by: Officer, overlap: timedelta = OVERLAP) -> Subscribed:
        """Give a webhook a new secret; for the overlap deliveries carry a signature of either.

        Raises:
            WebhookUnknown: the unit has no such webhook.
        """
        secret = new_secret()
        changed = update(webhooks).where(_of(by), webhooks.c.id == webhook)
        values = {
            "previous": webhooks.c.sealed,
            "previous_until": datetime.now(UTC) + overlap,
            "sealed": self._seal(webhook, secret),
        }
        with self._db.begin() as uow:
            row = _known(uow.connection.execute(changed.values(**values).returning(webhooks)).first())
        _log.info("webhook-rotated", webhook=str(webhook), by=actor_of(by))
        return Subscribed(webhook_view(row), secret)

    def pause(self, webhook: UUID, *, by: Keeper) -> WebhookView:
        """Tell a webhook nothing for now; what it misses is kept as dead, for a replay.

        Raises:
            WebhookUnknown: the unit has no such webhook.
        """
        since, because = webhooks.c.disabled_at, webhooks.c.disabled_because
        values = {"disabled_at": func.coalesce(since, func.now()), "disabled_because": func.coalesce(because, PAUSED)}
        return self._change(webhook, values, by=by)

    def enable(self, webhook: UUID, *, by: Keeper) -> WebhookView:
        """Tell a webhook again that was paused or disabled; what it missed is told by ``replay``.

        Raises:
            WebhookUnknown: the unit has no such webhook.
        """
        nothing = {"disabled_at": None, "disabled_because": None, "failing_since": None}
        return self._change(webhook, nothing, by=by)

    def send_test(self, webhook: UUID, *, by: Keeper) -> WebhookDeliveryView:
        """Tell a webhook of ``webhook.test``, whatever events it asked for; it is delivered as every other.

        Raises:
            WebhookUnknown: the unit has no such webhook.
            WebhookPaused: it is told nothing now.
        """
        if self.webhook(webhook, by=by).disabled_at is not None:
            raise WebhookPaused
        values = {
            "id": uuid4(),
            "webhook_id": webhook,
            "event": TEST_EVENT,
            "data": {"webhook": str(webhook)},
            "happened_at": datetime.now(UTC),
            "status": "waiting",
        }
        with self._db.begin() as uow:
            added = insert(webhook_deliveries).values(**values).returning(webhook_deliveries)
            row = uow.connection.execute(added).one()
            _ask(uow, [row.id])
        return delivery_view(row)

    def delete(self, webhook: UUID, *, by: Officer) -> None:
        """End a webhook, and forget what was told by it.

        Raises:
            WebhookUnknown: the unit has no such webhook.
        """
        with self._db.begin() as uow:
            gone = delete(webhooks).where(_of(by), webhooks.c.id == webhook)
            _known(uow.connection.execute(gone.returning(webhooks.c.id)).first())
        _log.info("webhook-deleted", webhook=str(webhook), by=actor_of(by))

    def deliveries(
        self, webhook: UUID, *, by: Keeper, status: str = "", before: int | None = None, limit: int = 50
    ) -> tuple[WebhookDeliveryView, ...]:
        """List what was told by a webhook, the latest first; with ``before`` a number only older ones.

        Raises:
            WebhookUnknown: the unit has no such webhook.
        """
        self.webhook(webhook, by=by)
        query = select(webhook_deliveries).where(webhook_deliveries.c.webhook_id == webhook)
        if status:
            query = query.where(webhook_deliveries.c.status == status)
        if before is not None:
            query = query.where(webhook_deliveries.c.number < before)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(webhook_deliveries.c.number.desc()).limit(limit))
            return tuple(map(delivery_view, rows))

    def dead(self, *, limit: int = 100) -> tuple[WebhookDeliveryView, ...]:
        """List what could not be delivered to anybody, the latest first; for operators."""
        query = select(webhook_deliveries).where(webhook_deliveries.c.status == "dead")
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(webhook_deliveries.c.number.desc()).limit(limit))
            return tuple(map(delivery_view, rows))

    def replay(self, webhook: UUID, *, by: Keeper, delivery: UUID | None = None, since: datetime | None = None) -> int:
        """Tell again, under the same ids: one delivery, or all that were first told since a moment of real time.

        With neither, whatever is dead. Return how many, ten thousand at most; what still waits is left alone.

        Raises:
            WebhookUnknown, WebhookDeliveryUnknown: the unit has no such thing.
        """
        self.webhook(webhook, by=by)
        table = webhook_deliveries
        which = (table.c.webhook_id == webhook) & (table.c.status != "waiting")
        if delivery is not None:
            which &= table.c.id == delivery
        elif since is not None:
            which &= table.c.created_at >= since
        else:
            which &= table.c.status == "dead"
        chosen = select(table.c.id).where(which).order_by(table.c.number).limit(MOST_REPLAYED)
        with self._db.begin() as uow:
            if delivery is not None and not _has(uow, webhook, delivery):
                raise WebhookDeliveryUnknown
            again = update(table).where(table.c.id.in_(chosen))
            again = again.values(status="waiting", attempts=0, answer=None, reason=None, ended_at=None)
            found = [row.id for row in uow.connection.execute(again.returning(table.c.id, table.c.number))]
            _ask(uow, found)
        return len(found)

    def enqueue(self, uow: UnitOfWork, events: Iterable[Event]) -> int:
        """Ask for a delivery of each event to each webhook that wants it; twice does no harm. Return how many.

        A disabled webhook keeps what it misses as dead, for a replay.
        """
        wanted = list(events)
        if not wanted:
            return 0
        hooks = uow.connection.execute(select(webhooks)).all()
        rows = [
            {
                "id": uuid5(hook.id, event.source),
                "webhook_id": hook.id,
                "event": event.type,
                "data": dict(event.data),
                "happened_at": event.at,
                "status": "dead" if hook.disabled_at else "waiting",
                "reason": "disabled" if hook.disabled_at else None,
            }
            for event in wanted
            for hook in hooks
            if (hook.org, hook.region) in event.units and event.type in hook.events
        ]
        fresh: list[UUID] = []
        for first in range(0, len(rows), _ROWS_PER_INSERT):
            added = insert(webhook_deliveries).values(rows[first : first + _ROWS_PER_INSERT])
            added = added.on_conflict_do_nothing(index_elements=["id"])
            kept = uow.connection.execute(added.returning(webhook_deliveries.c.id, webhook_deliveries.c.status))
            fresh += [row.id for row in kept if row.status == "waiting"]
        _ask(uow, fresh)
        return len(fresh)

    def tidy(self, *, after: timedelta = KEPT) -> int:
        """Forget what was told, or could not be, so long ago. Return how many."""
        old = (webhook_deliveries.c.status != "waiting") & (webhook_deliveries.c.created_at < func.now() - after)
        with self._db.begin() as uow:
            gone = delete(webhook_deliveries).where(old).returning(webhook_deliveries.c.id)
            return len(uow.connection.execute(gone).all())

    def _change(self, webhook: UUID, values: Mapping[str, object], *, by: Keeper) -> WebhookView:
        changed = update(webhooks).where(_of(by), webhooks.c.id == webhook).values(**values)
        with self._db.begin() as uow:
            return webhook_view(_known(uow.connection.execute(changed.returning(webhooks)).first()))

    def _check(self, url: str, events: Sequence[str], label: str) -> None:
        try:
            self._poster.check(url)
        except AddressRefused as refusal:
            raise WebhookUrlRefused(field="url", why=refusal.reason) from None
        if not events or set(events) - set(EVENTS):
            raise WebhookEventUnknown(field="events", known=EVENTS)
        if len(label) > LONGEST_LABEL:
            raise Invalid(field="label")

    def _seal(self, webhook: UUID, secret: str) -> bytes:
        return self._keys.seal(self._keys.platform_key, secret.encode(), context=secret_context(webhook))


def secret_context(webhook: UUID) -> bytes:
    """Return the place that the secrets of a webhook are bound to."""
    return f"messaging.webhook:{webhook}".encode()


def message_id(delivery: UUID) -> str:
    """Return the ``webhook-id`` of a delivery; the same in every attempt and replay."""
    return f"msg_{delivery.hex}"


def _of(by: Keeper) -> ColumnElement[bool]:
    match by:
        case Officer():
            return (webhooks.c.org == by.org) & (webhooks.c.region == by.region)
        case Platform():
            return true()


def _known(row: Row[tuple[object, ...]] | None) -> Row[tuple[object, ...]]:
    if row is None:
        raise WebhookUnknown
    return row


def _has(uow: UnitOfWork, webhook: UUID, delivery: UUID) -> bool:
    query = select(webhook_deliveries.c.id).where(
        webhook_deliveries.c.webhook_id == webhook, webhook_deliveries.c.id == delivery
    )
    return uow.connection.scalar(query) is not None


def _ask(uow: UnitOfWork, found: Sequence[UUID]) -> None:
    outbox.add(uow, *(OutboxMessage(TOPIC, f"webhook:{one}", {"delivery": str(one)}) for one in found))
