from collections.abc import Sequence

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.workers.relay import PER_WORKER, Relay


def put(database: Database, count: int) -> None:
    with database.begin() as uow:
        outbox.add(uow, *[OutboxMessage("case.call", f"case:{number}:") for number in range(count)])


def told_by(database: Database, rounds: int) -> list[Sequence[int]]:
    told: list[Sequence[int]] = []
    relay = Relay(database, told.append)
    for _ in range(rounds):
        relay.relay_once()
    return told


def test_few_are_told_one_by_one_so_that_none_waits_behind_another(database: Database) -> None:
    put(database, 20)
    assert [len(ids) for ids in told_by(database, 1)] == [1] * 20


def test_of_many_one_task_carries_several(database: Database) -> None:
    put(database, 60)
    told = told_by(database, 1)
    assert {len(ids) for ids in told} == {2}
    assert sorted(number for ids in told for number in ids) == list(range(1, 61))


def test_a_relay_stops_telling_while_the_workers_are_behind(database: Database) -> None:
    put(database, 100)
    assert sum(map(len, told_by(database, 5))) == PER_WORKER


def test_what_could_not_be_told_is_told_at_once_when_the_broker_is_back(database: Database) -> None:
    put(database, 20)
    told: list[Sequence[int]] = []

    def tell_one_batch(ids: Sequence[int]) -> None:
        if told:
            raise ConnectionError
        told.append(ids)

    with pytest.raises(ConnectionError):
        Relay(database, tell_one_batch).relay_once()
    assert len(outbox.due(database, 100)) == 19
