"""Values reach the server as they are, whatever turns them is kept for the next statement, and no longer."""

import gc
import os
import socket
from weakref import ref

import psycopg
import pytest

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.kernel.db import Database
from gov_portal.kernel.prepared import run

ODD = bytes(range(256)) + b"'\\\\x41"


def test_bytes_in_an_array_are_those_that_were_given(database: Database) -> None:
    with database.driver() as driver:
        for given in ([ODD], [b"", ODD], []):
            assert run(driver, "SELECT %s::bytea[]", (given,)) == (given,)


def test_a_connection_goes_with_what_was_known_of_it(database_urls: DatabaseUrls) -> None:
    connection = psycopg.connect(database_urls.app, autocommit=True)
    assert run(connection, "SELECT %s", (7,)) == (7,)
    gone = ref(connection)
    connection.close()
    del connection
    gc.collect()
    assert gone() is None


def test_a_server_that_is_gone_is_no_fault_of_the_statement(database: Database) -> None:
    with pytest.raises(psycopg.OperationalError), database.driver() as driver:
        run(driver, "SELECT %s::int", (1,))
        with socket.socket(fileno=os.dup(driver.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
        run(driver, "SELECT %s::int", (1,))
