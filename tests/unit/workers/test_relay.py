"""The relay outlives whatever befalls its database, and says so once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import cast

import psycopg
import pytest
from psycopg.errors import DiskFull, ReadOnlySqlTransaction
from structlog.testing import capture_logs

from gov_portal.kernel.db import Database
from gov_portal.workers import relay
from gov_portal.workers.relay import Relay


class Suffering:
    """A database that fails in turn and then has nothing to tell."""

    def __init__(self, *errors: Exception, stop: Event) -> None:
        self._errors = list(errors)
        self._stop = stop

    @contextmanager
    def driver(self) -> Iterator["Suffering"]:
        if self._errors:
            raise self._errors.pop(0)
        yield self

    def execute(self, sql: str, parameters: tuple) -> "Suffering":
        self._stop.set()
        return self

    def fetchall(self) -> list:
        return []


@pytest.mark.parametrize(
    "error",
    [psycopg.OperationalError("the connection is lost"), DiskFull(), ReadOnlySqlTransaction()],
    ids=["broken connection", "full disk", "read-only database"],
)
def test_the_relay_goes_on_when_it_is_over(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "RECONNECT_S", 0)
    stop = Event()
    database = Suffering(error, error, stop=stop)
    with capture_logs() as lines:
        Relay(cast(Database, database), lambda ids: None).run(stop)
    assert [line["event"] for line in lines] == ["relay-interrupted", "relay-resumed"]
