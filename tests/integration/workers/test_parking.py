"""Poison work is put aside after bounded attempts with its history; an outage parks nothing, and nobody is blocked."""

import json

import pytest
from psycopg.errors import DiskFull, ReadOnlySqlTransaction

from gov_portal.kernel import outbox, parking
from gov_portal.kernel.db import Database
from gov_portal.kernel.decisions import Way, WorkMoved
from gov_portal.kernel.outbox import MOST_FAILURES, OutboxMessage
from gov_portal.kernel.parking import ParkedWork
from gov_portal.workers.tasks import deliver
from tests.integration.workers.test_tasks import work_by

KEY = "case:1:check.1"


@pytest.fixture
def message_id(database: Database) -> int:
    with database.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", KEY, {"step": "check"}))
    return outbox.due(database, 1)[0]


def make_available(database: Database) -> None:
    with database.driver() as driver:
        driver.execute("UPDATE kernel_outbox SET available_at = now() WHERE parked_at IS NULL")


def poison(message: OutboxMessage) -> None:
    raise ValueError("张三")


def try_often(database: Database, message_id: int, *, times: int, handler=poison) -> None:
    for _ in range(times):
        make_available(database)
        deliver(work_by(database, handler), [message_id])


def parked(database: Database, message_id: int) -> ParkedWork:
    try_often(database, message_id, times=MOST_FAILURES)
    (found,) = parking.parked(database)
    return found


def test_what_fails_again_and_again_is_parked_with_codes_and_no_words(database: Database, message_id: int) -> None:
    try_often(database, message_id, times=MOST_FAILURES - 1)
    assert parking.parked(database) == ()
    try_often(database, message_id, times=1)
    (found,) = parking.parked(database)
    assert (found.message.key, found.error, len(found.history)) == (KEY, "ValueError", MOST_FAILURES)
    assert found.history[0].at <= found.history[-1].at <= found.parked_at
    with database.driver() as driver:
        row = driver.execute("SELECT row_to_json(o)::text FROM kernel_outbox o").fetchone()
    assert "张三" not in json.loads(json.dumps(row))[0]


def test_parked_work_is_never_spoken_of_again_and_its_neighbours_flow(database: Database, message_id: int) -> None:
    parked(database, message_id)
    with database.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", "case:2:check.1"))
    neighbours = outbox.due(database, 10, renudge_s=0)
    assert message_id not in neighbours
    assert outbox.claim(database, message_id) is None
    assert deliver(work_by(database, lambda message: None), neighbours) == 1
    (depth,) = outbox.depths(database)
    assert (depth.waiting, depth.failing, depth.lag_s, depth.parked) == (0, 0, 0, 1)


def test_a_worker_that_dies_of_its_work_again_and_again_parks_it(database: Database, message_id: int) -> None:
    for _ in range(MOST_FAILURES):
        assert outbox.claim(database, message_id, lease_s=0) is not None
    seen: list[OutboxMessage] = []
    deliver(work_by(database, seen.append), [message_id])
    (found,) = parking.parked(database)
    assert seen == []
    assert {one.error for one in found.history} == {"worker-lost"}
    assert len(found.history) == MOST_FAILURES


@pytest.mark.parametrize(
    ("error", "code"),
    [(DiskFull(), "disk-full"), (ReadOnlySqlTransaction(), "database-read-only")],
    ids=["full disk", "read-only database"],
)
def test_an_outage_is_waited_out_and_counts_against_nothing(
    database: Database, message_id: int, error: Exception, code: str
) -> None:
    def suffer(message: OutboxMessage) -> None:
        raise error

    try_often(database, message_id, times=MOST_FAILURES + 3, handler=suffer)
    assert parking.parked(database) == ()
    make_available(database)
    message = outbox.claim(database, message_id)
    assert message is not None
    assert message.failures == 0
    with database.driver() as driver:
        assert driver.execute("SELECT last_error FROM kernel_outbox").fetchone() == (code,)


def test_only_the_last_attempts_are_remembered(database: Database, message_id: int) -> None:
    for number in range(40):
        make_available(database)
        message = outbox.claim(database, message_id)
        assert message is not None
        outbox.fail(database, message, error=f"answer-{number}", delay_s=0)
    make_available(database)
    message = outbox.claim(database, message_id)
    assert message is not None
    outbox.park(database, message, error="last")
    (found,) = parking.parked(database)
    assert [one.error for one in (found.history[0], found.history[-1])] == ["answer-11", "last"]
    assert len(found.history) == 30


def test_resumed_work_has_all_its_attempts_again(database: Database, message_id: int) -> None:
    found = parked(database, message_id)
    with database.begin() as uow:
        parking.settle(uow, found, Way.RESUME)
    assert outbox.due(database, 10) == [message_id]
    try_often(database, message_id, times=MOST_FAILURES - 1)
    assert parking.parked(database) == ()


@pytest.mark.parametrize("way", [Way.SKIP, Way.ABANDON])
def test_ended_work_is_gone_and_is_decided_about_once(database: Database, message_id: int, way: Way) -> None:
    found = parked(database, message_id)
    with database.begin() as uow:
        parking.settle(uow, found, way)
    with pytest.raises(WorkMoved), database.begin() as uow:
        parking.settle(uow, found, Way.RESUME)
    assert outbox.depths(database) == []


def test_work_is_found_by_number_and_topic(database: Database, message_id: int) -> None:
    parked(database, message_id)
    assert [one.message.id for one in parking.parked(database, ids=[message_id, 99])] == [message_id]
    assert len(parking.parked(database, topic="case.")) == 1
    assert parking.counts(database) == {"case.call": 1}
    assert parking.parked(database, topic="webhook.") == parking.parked(database, after=message_id) == ()
