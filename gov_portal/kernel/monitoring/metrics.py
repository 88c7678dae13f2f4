"""Declare every figure that operators may read, so that none is counted which is not described."""

from dataclasses import dataclass
from enum import StrEnum

PROCESS = "process"
"""Label that every figure of a process carries first: kind, machine and number of the process."""


class Kind(StrEnum):
    """Name how a figure behaves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """Describe one figure; labels hold names from our own code and data of offices, never of people or cases.

    There is one object for each, known by itself: it is a key at every request.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()


def _of_process(name: str, kind: Kind, text: str, *labels: str) -> Metric:
    return Metric(name, kind, text, (PROCESS, *labels))


REQUESTS = _of_process(
    "gov_requests_total", Kind.COUNTER, "Requests answered, by route template.", "method", "route", "status"
)
REQUEST_SECONDS = _of_process(
    "gov_request_seconds", Kind.HISTOGRAM, "Seconds until a request was answered, by route template.", "route"
)
SIGN_INS = _of_process("gov_sign_ins_total", Kind.COUNTER, "Sign-ins that opened or were refused.", "kind", "outcome")
LOCKOUTS = _of_process(
    "gov_lockouts_total", Kind.COUNTER, "Attempts that were made to wait, by the limit that was reached.", "limit"
)
EXCHANGE_SECONDS = _of_process(
    "gov_exchange_seconds", Kind.HISTOGRAM, "Seconds until a department's system answered, or did not.", "system"
)
EXCHANGE_FAILURES = _of_process(
    "gov_exchange_failures_total", Kind.COUNTER, "Calls without an answer that could be used.", "system", "failure"
)
BREAKER_OPEN = _of_process(
    "gov_exchange_breaker_open", Kind.GAUGE, "1 while calls to a system are held back after failures.", "system"
)
DELIVERIES = _of_process(
    "gov_deliveries_total",
    Kind.COUNTER,
    "Outbox messages taken up: done, later, failed, lost, parked.",
    "topic",
    "result",
)
DELIVERY_SECONDS = _of_process("gov_delivery_seconds", Kind.HISTOGRAM, "Seconds that an outbox message took.", "topic")
CHORE_DONE = _of_process(
    "gov_chore_done_timestamp_seconds", Kind.GAUGE, "When a recurring chore last ended well.", "chore"
)
CHORE_FAILURES = _of_process("gov_chore_failures_total", Kind.COUNTER, "Turns of a chore that failed.", "chore")
STUCK_CASES = _of_process("gov_stuck_cases", Kind.GAUGE, "Cases that nothing will move, as the last sweep found.")
CONNECTIONS = _of_process("gov_database_connections", Kind.GAUGE, "Database connections of a process.", "state")

OF_PROCESSES = (
    REQUESTS,
    REQUEST_SECONDS,
    SIGN_INS,
    LOCKOUTS,
    EXCHANGE_SECONDS,
    EXCHANGE_FAILURES,
    BREAKER_OPEN,
    DELIVERIES,
    DELIVERY_SECONDS,
    CHORE_DONE,
    CHORE_FAILURES,
    STUCK_CASES,
    CONNECTIONS,
)
"""Counted in the memory of each process and gathered by its heartbeat."""

CASES = Metric(
    "gov_cases_total", Kind.COUNTER, "What happened in cases, by item and stage.", ("item", "stage", "outcome")
)
OPEN_TASKS = Metric("gov_open_tasks", Kind.GAUGE, "Open tasks by unit and kind of task.", ("org", "unit", "kind"))
OVERDUE_TASKS = Metric(
    "gov_overdue_tasks", Kind.GAUGE, "Open tasks whose limit is over, in business time.", ("org", "unit", "kind")
)
OLDEST_OVERDUE = Metric(
    "gov_oldest_overdue_seconds", Kind.GAUGE, "For how long the oldest overdue task has been so, in business time."
)
OUTBOX_MESSAGES = Metric("gov_outbox_messages", Kind.GAUGE, "Messages in the outbox.", ("topic",))
OUTBOX_LAG = Metric(
    "gov_outbox_lag_seconds", Kind.GAUGE, "For how long the oldest message has been ready without an end.", ("topic",)
)
OUTBOX_UNDER_WAY = Metric(
    "gov_outbox_under_way", Kind.GAUGE, "Messages that a worker was told of, or delivers now.", ("topic",)
)
OUTBOX_FAILING = Metric("gov_outbox_failing", Kind.GAUGE, "Messages whose last attempt was in vain.", ("topic",))
WORK_PARKED = Metric(
    "gov_work_parked", Kind.GAUGE, "Work that was put aside after failing again and again.", ("topic",)
)
MESSAGES_PARKED = Metric(
    "gov_messages_parked", Kind.GAUGE, "Messages to people that were put aside as undeliverable.", ("channel",)
)
WEBHOOKS_DEAD = Metric("gov_webhook_deliveries_dead", Kind.GAUGE, "Webhook deliveries that nobody took.")
WEBHOOKS_DISABLED = Metric("gov_webhooks_disabled", Kind.GAUGE, "Webhooks that were disabled after failing for days.")
PROCESSES = Metric("gov_processes", Kind.GAUGE, "Processes whose heart beats, by kind.", ("kind",))
HEARTBEAT_AGE = Metric(
    "gov_heartbeat_age_seconds", Kind.GAUGE, "Seconds since the latest heartbeat of a kind of process.", ("kind",)
)
LEDGER_SEALED = Metric("gov_ledger_sealed_timestamp_seconds", Kind.GAUGE, "When the ledger was last sealed.")
TRANSACTIONS = Metric(
    "gov_database_transactions_total", Kind.COUNTER, "Transactions of the database: commit or rollback.", ("result",)
)
BACKENDS = Metric("gov_database_backends", Kind.GAUGE, "Connections to the database, of whomever.")
DEADLOCKS = Metric("gov_database_deadlocks_total", Kind.COUNTER, "Deadlocks that the database has resolved.")
STATE_READABLE = Metric(
    "gov_state_readable", Kind.GAUGE, "1 where the figures of the state could be read; 0 leaves them out."
)

OF_STATE = (
    CASES,
    OPEN_TASKS,
    OVERDUE_TASKS,
    OLDEST_OVERDUE,
    OUTBOX_MESSAGES,
    OUTBOX_LAG,
    OUTBOX_UNDER_WAY,
    OUTBOX_FAILING,
    WORK_PARKED,
    MESSAGES_PARKED,
    WEBHOOKS_DEAD,
    WEBHOOKS_DISABLED,
    PROCESSES,
    HEARTBEAT_AGE,
    LEDGER_SEALED,
    TRANSACTIONS,
    BACKENDS,
    DEADLOCKS,
    STATE_READABLE,
)
"""Read from the database at every scrape, the same whoever is asked."""

EVERY = {metric.name: metric for metric in (*OF_PROCESSES, *OF_STATE)}
