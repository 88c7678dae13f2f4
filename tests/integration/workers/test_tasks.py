from datetime import UTC, datetime, timedelta

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import ClaimLost, OutboxMessage
from gov_portal.workers.tasks import backoff_s, deliver
from gov_portal.workers.work import Handler, Later, Work


@pytest.fixture
def message_id(database: Database) -> int:
    with database.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", "case:1:check.1", {"step": "check"}))
    return outbox.due(database, 1)[0]


def work_by(database: Database, handler: Handler) -> Work:
    return Work(
        database,
        {"case.call": handler},
        fire_due=lambda limit: 0,
        seal=lambda: None,
        sweep=lambda: 0,
        tidy=lambda: None,
    )


def rest(database: Database) -> list[tuple[str | None, timedelta]]:
    with database.driver() as driver:
        found = driver.execute("SELECT last_error, available_at FROM kernel_outbox").fetchall()
    return [(error, available_at - datetime.now(UTC)) for error, available_at in found]


def test_a_message_that_its_handler_left_unfinished_is_removed(database: Database, message_id: int) -> None:
    seen: list[OutboxMessage] = []
    assert deliver(work_by(database, seen.append), [message_id]) == 1
    assert [message.key for message in seen] == ["case:1:check.1"]
    assert rest(database) == []


def test_a_message_is_delivered_once_by_doubled_nudges(database: Database, message_id: int) -> None:
    seen: list[OutboxMessage] = []
    assert deliver(work_by(database, seen.append), [message_id, message_id]) == 1
    assert len(seen) == 1


def test_a_failing_handler_is_tried_again_later_and_its_words_are_not_kept(database: Database, message_id: int) -> None:
    def fail(message: OutboxMessage) -> None:
        raise ValueError("张三")

    deliver(work_by(database, fail), [message_id])
    ((error, delay),) = rest(database)
    assert error == "ValueError"
    assert timedelta(seconds=1) < delay < timedelta(seconds=2.1)


def test_a_handler_may_ask_for_a_later_attempt(database: Database, message_id: int) -> None:
    def later(message: OutboxMessage) -> None:
        raise Later(30, reason="breaker-open")

    deliver(work_by(database, later), [message_id])
    ((error, delay),) = rest(database)
    assert error == "breaker-open"
    assert delay > timedelta(seconds=25)


def test_a_message_that_its_handler_gave_back_is_kept(database: Database, message_id: int) -> None:
    def give_back(message: OutboxMessage) -> None:
        outbox.fail(database, message, error="unavailable", delay_s=30)

    deliver(work_by(database, give_back), [message_id])
    assert [error for error, _ in rest(database)] == ["unavailable"]


def test_a_lost_claim_is_left_to_the_one_who_took_it_over(database: Database, message_id: int) -> None:
    def lose(message: OutboxMessage) -> None:
        with database.driver() as driver:
            driver.execute("UPDATE kernel_outbox SET attempts = attempts + 1")
        raise ClaimLost

    deliver(work_by(database, lose), [message_id])
    assert [error for error, _ in rest(database)] == [None]


def test_an_unknown_topic_waits_for_a_newer_worker(database: Database, message_id: int) -> None:
    work = Work(database, {}, fire_due=lambda limit: 0, seal=lambda: None, sweep=lambda: 0, tidy=lambda: None)
    deliver(work, [message_id])
    assert [error for error, _ in rest(database)] == ["KeyError"]


@pytest.mark.parametrize(("attempts", "at_most"), [(1, 2), (5, 32), (10, 600), (1000, 600)])
def test_the_pause_grows_and_is_bounded(attempts: int, at_most: float) -> None:
    assert 0.75 * at_most <= backoff_s(attempts) <= at_most
