"""How deliveries end is counted by topic."""

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.monitoring.metrics import DELIVERIES, DELIVERY_SECONDS
from gov_portal.kernel.outbox import ClaimLost, OutboxMessage
from gov_portal.workers.tasks import deliver
from gov_portal.workers.work import Later
from tests.integration.workers.test_tasks import work_by


@pytest.mark.parametrize(
    ("error", "result"),
    [(None, "done"), (Later(1, reason="busy"), "later"), (ValueError("张三"), "failed"), (ClaimLost(), "lost")],
    ids=["done", "later", "failed", "lost"],
)
def test_a_delivery_is_counted_by_how_it_ended(database: Database, error: Exception | None, result: str) -> None:
    def handle(message: OutboxMessage) -> None:
        if error is not None:
            raise error

    with database.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", "case:1:check.1"))
    work = work_by(database, handle)
    deliver(work, outbox.due(database, 1))
    counted, took = work.tally.samples()
    assert (counted.metric, counted.labels, counted.value) == (DELIVERIES, ("case.call", result), 1)
    assert (took.metric, sum(took.buckets)) == (DELIVERY_SECONDS, 1)
