"""Deliver webhooks: sign, post, try again for three days, then keep what could not be told as dead.

At least once: a receiver may be told twice under the same ``webhook-id``, and in any order.
Source: Standard Webhooks 1.0 (standardwebhooks.com).
"""

import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import Row, func, select, update

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.decisions import GIVEN_UP
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.messaging.models import webhook_deliveries, webhooks
from gov_portal.messaging.posting import Outcome, Poster
from gov_portal.messaging.signing import signature
from gov_portal.messaging.webhooks import message_id, secret_context

PAUSES_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""How long to wait after each attempt in vain, some three days in all; after the last the delivery is dead."""

PATIENCE = timedelta(days=5)
"""A webhook that has taken nothing for so long is disabled."""

_LONGEST_WAIT_S = 86_400
_GONE = 410
_log = structlog.get_logger(__name__)


class WebhookDeliverer:
    """Deliver the outbox messages of ``webhooks.TOPIC``."""

    def __init__(self, db: Database, *, keys: KeyStore, poster: Poster) -> None:
        """Post through ``poster``, which guards our own network."""
        self._db = db
        self._keys = keys
        self._poster = poster

    def deliver(self, message: OutboxMessage) -> None:
        """Post one event to one webhook and record what came of it; safe to run twice."""
        row = self._find(UUID(str(message.payload["delivery"])))
        if row is None or row.status != "waiting":
            with self._db.begin() as uow:
                outbox.finish(uow, message)
        elif row.disabled_at is not None:
            self._end(message, row, status="dead", outcome=Outcome(error="disabled"))
        else:
            self._post(message, row)

    def give_up(self, uow: UnitOfWork, message: OutboxMessage) -> None:
        """Count a delivery as dead whose message an operator has ended; its unit may replay it."""
        dead = webhook_deliveries.c
        which = (dead.id == UUID(str(message.payload["delivery"]))) & (dead.status == "waiting")
        values = {"status": "dead", "reason": GIVEN_UP, "ended_at": func.now()}
        uow.connection.execute(update(webhook_deliveries).where(which).values(**values))

    def _find(self, delivery: UUID) -> Row[Any] | None:
        hook = (webhooks.c[name] for name in _HOOK)
        query = (
            select(webhook_deliveries, *hook)
            .join(webhooks, webhooks.c.id == webhook_deliveries.c.webhook_id)
            .where(webhook_deliveries.c.id == delivery)
        )
        with self._db.read() as connection:
            return connection.execute(query).one_or_none()

    def _post(self, message: OutboxMessage, row: Row[Any]) -> None:
        sent_at, body = int(time.time()), _body(row)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "gov-portal-webhooks/1",
            "webhook-id": message_id(row.id),
            "webhook-timestamp": str(sent_at),
            "webhook-signature": signature(message_id(row.id), sent_at=sent_at, body=body, keys=self._secrets(row)),
        }
        outcome = self._poster.post(row.url, headers=headers, body=body)
        if outcome.is_taken:
            self._end(message, row, status="delivered", outcome=outcome)
        elif outcome.status == _GONE or row.attempts >= len(PAUSES_S):
            self._end(message, row, status="dead", outcome=outcome)
        else:
            self._try_again(message, row, outcome=outcome)

    def _secrets(self, row: Row[Any]) -> list[str]:
        held = [row.sealed]
        if row.previous is not None and row.previous_until > datetime.now(UTC):
            held.append(row.previous)
        key, context = self._keys.platform_key, secret_context(row.webhook_id)
        return [self._keys.open(key, sealed, context=context).decode() for sealed in held]

    def _try_again(self, message: OutboxMessage, row: Row[Any], *, outcome: Outcome) -> None:
        with self._db.begin() as uow:
            _note(uow, row, {"answer": outcome.status or None, "reason": _reason(outcome)})
            self._note_failure(uow, row, outcome)
        pause_s = PAUSES_S[row.attempts] * random.uniform(1.0, 1.1)  # noqa: S311 - no secret
        wished_s = min(outcome.retry_after_s, _LONGEST_WAIT_S)
        outbox.fail(self._db, message, error=_reason(outcome), delay_s=max(pause_s, wished_s))

    def _end(self, message: OutboxMessage, row: Row[Any], *, status: str, outcome: Outcome) -> None:
        reason = None if outcome.is_taken else _reason(outcome)
        values = {"status": status, "answer": outcome.status or None, "reason": reason, "ended_at": func.now()}
        with self._db.begin() as uow:
            outbox.finish(uow, message)
            _note(uow, row, values)
            if outcome.is_taken:
                if row.failing_since is not None:
                    well = update(webhooks).where(webhooks.c.id == row.webhook_id)
                    uow.connection.execute(well.values(failing_since=None))
            elif outcome.error != "disabled":
                self._note_failure(uow, row, outcome)
        if status == "dead":
            _log.warning("webhook-dead", webhook=str(row.webhook_id), delivery=str(row.id), reason=reason)

    def _note_failure(self, uow: UnitOfWork, row: Row[Any], outcome: Outcome) -> None:
        """Remember since when a webhook fails, and disable one that is gone or has failed for days."""
        is_gone = outcome.status == _GONE
        has_failed_long = row.failing_since is not None and datetime.now(UTC) - row.failing_since > PATIENCE
        values: dict[str, object] = {"failing_since": func.coalesce(webhooks.c.failing_since, func.now())}
        if is_gone or has_failed_long:
            because = "gone" if is_gone else "failing"
            values |= {"disabled_at": func.now(), "disabled_because": because}
            _log.error("webhook-disabled", webhook=str(row.webhook_id), because=because)
        uow.connection.execute(update(webhooks).where(webhooks.c.id == row.webhook_id).values(**values))


_HOOK = ("url", "sealed", "previous", "previous_until", "disabled_at", "failing_since")


def _note(uow: UnitOfWork, row: Row[Any], values: Mapping[str, object]) -> None:
    noted = update(webhook_deliveries).where(webhook_deliveries.c.id == row.id)
    uow.connection.execute(noted.values(attempts=webhook_deliveries.c.attempts + 1, **values))


def _body(row: Row[Any]) -> bytes:
    happened_at = row.happened_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return orjson.dumps({"type": row.event, "timestamp": happened_at, "data": row.data}, option=orjson.OPT_SORT_KEYS)


def _reason(outcome: Outcome) -> str:
    return outcome.error or f"http-{outcome.status}"
