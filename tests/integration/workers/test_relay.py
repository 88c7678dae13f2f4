from collections.abc import Sequence

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.workers.relay import Relay


def put(database: Database, count: int) -> None:
    with database.begin() as uow:
        outbox.add(uow, *[OutboxMessage("case.call", f"case:{number}:") for number in range(count)])


def test_one_task_carries_a_batch_of_ids(database: Database) -> None:
    put(database, 20)
    told: list[Sequence[int]] = []
    assert Relay(database, told.append).relay_once() == 20
    assert [len(ids) for ids in told] == [8, 8, 4]
    assert sorted(number for ids in told for number in ids) == list(range(1, 21))


def test_what_could_not_be_told_is_told_at_once_when_the_broker_is_back(database: Database) -> None:
    put(database, 20)
    told: list[Sequence[int]] = []

    def tell_one_batch(ids: Sequence[int]) -> None:
        if told:
            raise ConnectionError
        told.append(ids)

    with pytest.raises(ConnectionError):
        Relay(database, tell_one_batch).relay_once()
    assert len(outbox.due(database, 100)) == 12
