import pytest

from gov_portal.kernel import outbox, tracing
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import ClaimLost, OutboxMessage


def put(database: Database, *messages: OutboxMessage) -> None:
    with database.begin() as uow:
        outbox.add(uow, *messages)


def call(number: int = 1, *, delay_s: float = 0) -> OutboxMessage:
    return OutboxMessage("case.call", f"case:{number}:check.1", {"step": "check"}, delay_s)


def test_a_message_is_nudged_once_per_period(database: Database) -> None:
    put(database, call(1), call(2))
    assert len(outbox.due(database, 10)) == 2
    assert outbox.due(database, 10) == []


def test_a_nudge_that_nobody_answered_is_repeated(database: Database) -> None:
    put(database, call())
    assert outbox.due(database, 10, renudge_s=0) == outbox.due(database, 10, renudge_s=0) != []


def test_a_delayed_message_is_neither_nudged_nor_claimed(database: Database) -> None:
    put(database, call(delay_s=60))
    assert outbox.due(database, 10) == []
    assert outbox.claim(database, 1) is None


def test_a_message_keeps_the_id_of_the_request_that_it_came_of(database: Database) -> None:
    with tracing.under("click-0a1b2c3d"):
        put(database, call(1))
    put(database, call(2))
    assert [message.request_id for one in (1, 2) if (message := outbox.claim(database, one))] == ["click-0a1b2c3d", ""]


def test_a_claim_hands_out_the_message_once(database: Database) -> None:
    put(database, call())
    claimed = outbox.claim(database, 1)
    assert claimed == OutboxMessage("case.call", "case:1:check.1", {"step": "check"}, 0, id=1, attempts=1)
    assert outbox.claim(database, 1) is None


def test_a_claim_that_has_run_out_is_taken_over_and_fences_the_first_worker(database: Database) -> None:
    put(database, call())
    slow = outbox.claim(database, 1, lease_s=0)
    quick = outbox.claim(database, 1)
    assert slow is not None
    assert quick is not None
    with pytest.raises(ClaimLost), database.begin() as uow:
        outbox.finish(uow, slow)
    with database.begin() as uow:
        outbox.finish(uow, quick)
    with pytest.raises(ClaimLost), database.begin() as uow:
        outbox.finish(uow, quick)


def test_a_failed_message_waits_and_keeps_its_reason(database: Database) -> None:
    put(database, call())
    claimed = outbox.claim(database, 1)
    assert claimed is not None
    outbox.fail(database, claimed, error="Unreachable", delay_s=60)
    assert outbox.due(database, 10) == []
    with database.driver() as driver:
        assert driver.execute("SELECT last_error, attempts FROM kernel_outbox").fetchall() == [("Unreachable", 1)]


def test_a_failed_message_without_delay_is_nudged_at_once(database: Database) -> None:
    put(database, call())
    claimed = outbox.claim(database, outbox.due(database, 10)[0])
    assert claimed is not None
    outbox.fail(database, claimed, error="Unreachable", delay_s=0)
    assert outbox.due(database, 10) == [claimed.id]


def test_a_key_that_waits_already_is_not_added_again(database: Database) -> None:
    put(database, call(), call())
    assert len(outbox.due(database, 10)) == 1


def test_two_relays_never_nudge_the_same_row(database: Database) -> None:
    put(database, call(1), call(2))
    with database.begin() as uow:
        uow.driver.execute("SELECT 1 FROM kernel_outbox WHERE id = 1 FOR UPDATE")
        assert outbox.due(database, 10) == [2]


def test_waiting_tells_which_owners_have_messages(database: Database) -> None:
    put(database, call(1), call(12))
    assert outbox.waiting(database, ["case:1:", "case:2:", "case:12:"]) == {"case:1:", "case:12:"}
