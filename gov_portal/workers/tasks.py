"""Deliver claimed outbox messages; a task carries ids only and may run twice, late or never."""

import random
import time
from collections.abc import Sequence

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from gov_portal.kernel import outbox, tracing
from gov_portal.kernel.logs import describe
from gov_portal.kernel.monitoring.metrics import DELIVERIES, DELIVERY_SECONDS
from gov_portal.kernel.outages import outage_of
from gov_portal.kernel.outbox import MOST_FAILURES, WORKER_LOST, ClaimLost, OutboxMessage
from gov_portal.workers.work import Later, Work

TASK = "gov.deliver"
LEASE_S = 60.0
DATABASE_ERRORS = (psycopg.Error, SQLAlchemyError)
_LONGEST_DELAY_S = 600.0

_log = structlog.get_logger(__name__)


def deliver(work: Work, ids: Sequence[int], *, lease_s: float = LEASE_S) -> int:
    """Deliver those of the messages that nobody else has; return how many were claimed.

    An outage of the database ends the round; the relay will tell of the rest again.
    """
    claimed = 0
    try:
        for message_id in ids:
            claimed += _deliver_one(work, message_id, lease_s=lease_s)
    except DATABASE_ERRORS as error:
        _log.warning("delivery-interrupted", error=describe(error))
    return claimed


def backoff_s(attempts: int) -> float:
    """Return how long to wait after so many failed attempts: doubled each time, ten minutes at most, and jittered."""
    return min(_LONGEST_DELAY_S, 2.0 ** min(attempts, 20)) * random.uniform(0.75, 1.0)  # noqa: S311 - no secret


def _deliver_one(work: Work, message_id: int, *, lease_s: float) -> bool:
    message = outbox.claim(work.database, message_id, lease_s=lease_s, limits=work.limits)
    if message is None:
        return False
    with tracing.under(message.request_id):
        started = time.monotonic()
        result = _carried_out(work, message) if message.failures < MOST_FAILURES else _parked(work, message)
        took_s = time.monotonic() - started
        work.tally.add(DELIVERIES, message.topic, result)
        work.tally.observe(DELIVERY_SECONDS, message.topic, seconds=took_s)
        told = {"topic": message.topic, "message": message.id, "attempts": message.attempts}
        _log.info("delivery", **told, result=result, ms=round(took_s * 1000, 1))
    return True


def _carried_out(work: Work, message: OutboxMessage) -> str:
    """Carry out one message and return how that ended."""
    try:
        work.handlers[message.topic](message)
        outbox.settle(work.database, message)
    except ClaimLost:
        _log.info("claim-lost", topic=message.topic, message=message.id)
        return "lost"
    except Later as later:
        outbox.fail(work.database, message, error=later.reason, delay_s=later.delay_s)
        return "later"
    except Exception as error:  # noqa: BLE001 - the outermost frame: one bad message must not stop the others
        return _given_back(work, message, error)
    return "done"


def _given_back(work: Work, message: OutboxMessage, error: Exception) -> str:
    """Give a message back: for as long as an outage lasts, or, where it is at fault itself, as often as may be."""
    outage = outage_of(error)
    told = {"topic": message.topic, "message": message.id, "attempts": message.attempts}
    if outage is not None:
        _log.warning("delivery-put-off", **told, outage=outage.value, error=describe(error))
        outbox.fail(work.database, message, error=outage.value, delay_s=backoff_s(message.attempts))
        return "later"
    _log.warning("delivery-failed", **told, exc_info=error)
    if message.failures + 1 >= MOST_FAILURES:
        return _parked(work, message, error=describe(error))
    outbox.fail(work.database, message, error=describe(error), delay_s=backoff_s(message.attempts), is_fault=True)
    return "failed"


def _parked(work: Work, message: OutboxMessage, *, error: str = "") -> str:
    """Put a message aside; without ``error`` its workers were lost, one after the other."""
    outbox.park(work.database, message, error=error)
    _log.error("work-parked", topic=message.topic, message=message.id, error=error or WORKER_LOST)
    return "parked"
