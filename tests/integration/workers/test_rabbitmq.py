"""RabbitMQ carries as Redis does: what it loses costs a moment, never a message."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.kernel.db import Database
from tests.factories.rabbitmq import UNPACKED, RabbitMq
from tests.integration.workers.test_survival import (
    Processes,
    ask,
    assert_each_noted_once,
    await_notes,
    make_notes,
    wait_until,
)


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[RabbitMq]:
    if not (UNPACKED / ".ready").exists():
        pytest.skip("NO RABBITMQ: `make test` and `make test-rabbitmq` unpack it")
    with RabbitMq(tmp_path / "rabbitmq") as server:
        yield server


def waiting(rabbit: RabbitMq) -> int:
    with Connection(rabbit.url) as connection:
        return int(connection.default_channel.queue_declare("gov", passive=True).message_count)


def purge(rabbit: RabbitMq) -> None:
    with Connection(rabbit.url) as connection:
        connection.default_channel.queue_purge("gov")


def test_a_rabbitmq_that_is_emptied_and_killed_loses_and_doubles_nothing(
    rabbit: RabbitMq, database_urls: DatabaseUrls, database: Database, tmp_path: Path
) -> None:
    make_notes(database_urls.owner)
    processes = Processes(database_urls.app, rabbit.url, log=tmp_path / "log")
    processes.start("relay", "worker")
    try:
        keys = ask(database, 20)
        assert len(await_notes(database, 20)) == 20
        processes.kill("worker")
        keys |= ask(database, 20, first=20)
        wait_until(lambda: waiting(rabbit) > 0)
        purge(rabbit)
        processes.start("worker")
        assert len(await_notes(database, 40)) == 40
        rabbit.kill()
        keys |= ask(database, 20, first=40)
        rabbit.start()
        assert_each_noted_once(database, keys)
    finally:
        processes.stop()
