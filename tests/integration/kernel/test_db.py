import time
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.kernel.db import _FRESH_S, Database, Driver, TransactionFailed
from gov_portal.kernel.prepared import run


@pytest.fixture
def notes(owner_database: Database) -> str:
    with owner_database.begin() as uow:
        uow.driver.execute("CREATE TABLE notes (id int PRIMARY KEY, word text)")
        uow.driver.execute("GRANT ALL ON notes TO gov_app")
    return "SELECT word FROM notes ORDER BY id"


def words(database: Database, query: str) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text(query)).scalars())


def test_a_unit_of_work_commits_at_its_end(database: Database, notes: str) -> None:
    with database.begin() as uow:
        uow.connection.execute(text("INSERT INTO notes VALUES (1, 'one')"))
        assert words(database, notes) == []
    assert words(database, notes) == ["one"]


def test_an_error_rolls_everything_back(database: Database, notes: str) -> None:
    with pytest.raises(KeyError), database.begin() as uow:
        uow.driver.execute("INSERT INTO notes VALUES (1, 'one')")
        raise KeyError
    assert words(database, notes) == []


def test_a_roll_back_leaves_what_was_prepared_on_the_connection(database_urls: DatabaseUrls) -> None:
    with Database(database_urls.app, pool_size=1) as narrow:
        with narrow.driver() as driver:
            driver.pgconn.prepare(b"ours", b"SELECT 42")
            for _ in range(2 * (driver.prepare_threshold or 1)):
                driver.execute("SELECT 1")  # often enough for psycopg to prepare something of its own
        with pytest.raises(KeyError), narrow.begin() as uow:
            uow.driver.execute("SELECT 1")
            raise KeyError
        with narrow.driver() as driver:
            assert driver.execute("SELECT 1").fetchone() == (1,)
            assert driver.pgconn.exec_prepared(b"ours", []).status == psycopg.pq.ExecStatus.TUPLES_OK


def test_a_connection_whose_commit_failed_is_used_no_more(database_urls: DatabaseUrls) -> None:
    with Database(database_urls.app, pool_size=1) as narrow:
        with narrow.driver() as driver:
            first = driver.pgconn.backend_pid
        with pytest.raises(TransactionFailed), narrow.begin() as uow, pytest.raises(psycopg.errors.SyntaxError):
            uow.driver.execute("INSERT")
        with narrow.driver() as driver:
            assert driver.pgconn.backend_pid != first


def test_core_and_driver_share_one_transaction(database: Database, notes: str) -> None:
    with database.begin() as uow:
        uow.driver.execute("INSERT INTO notes VALUES (1, 'one')")
        assert uow.connection.execute(text(notes)).scalars().all() == ["one"]


def test_begin_and_commit_ride_in_pipelines(database: Database, notes: str) -> None:
    with database.begin() as uow:
        with uow.pipeline() as driver:
            found = driver.execute("SELECT 41 + 1")
            assert found.fetchone() == (42,)
        with uow.pipeline() as driver:
            driver.execute("INSERT INTO notes VALUES (1, 'one')")
            uow.commit_in_pipeline()
        assert words(database, notes) == ["one"]


def test_a_failure_in_a_committing_pipeline_writes_nothing(database: Database, notes: str) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), database.begin() as uow, uow.pipeline() as driver:
        driver.execute("INSERT INTO notes VALUES (1, 'one')")
        driver.execute("INSERT INTO notes VALUES (1, 'one')")
        uow.commit_in_pipeline()
    assert words(database, notes) == []
    with database.begin() as uow:
        uow.driver.execute("INSERT INTO notes VALUES (2, 'two')")
    assert words(database, notes) == ["two"]


def test_a_swallowed_database_error_is_not_taken_for_a_commit(database: Database, notes: str) -> None:
    with pytest.raises(TransactionFailed), database.begin() as uow:
        uow.driver.execute("INSERT INTO notes VALUES (1, 'one')")
        with pytest.raises(psycopg.errors.SyntaxError):
            uow.driver.execute("INSERT")
    assert words(database, notes) == []


def test_calls_after_the_commit_see_the_commit_and_calls_after_a_roll_back_do_not_run(
    database: Database, notes: str
) -> None:
    seen: list[list[str]] = []
    with database.begin() as uow:
        uow.driver.execute("INSERT INTO notes VALUES (1, 'one')")
        uow.after_commit(lambda: seen.append(words(database, notes)))
        uow.after_rollback(lambda: seen.append(["rolled back"]))
    assert seen == [["one"]]


def test_calls_after_a_roll_back_run_when_it_rolls_back(database: Database) -> None:
    seen: list[str] = []
    with pytest.raises(KeyError), database.begin() as uow:
        uow.after_commit(lambda: seen.append("committed"))
        uow.after_rollback(lambda: seen.append("rolled back"))
        raise KeyError
    assert seen == ["rolled back"]


def test_connections_that_the_server_closed_are_replaced(database: Database) -> None:
    with database.read() as first, database.read() as second:
        pids = [c.execute(text("SELECT pg_backend_pid()")).scalar_one() for c in (first, second)]
    close(database, *pids)
    with database.begin() as uow:
        assert uow.driver.execute("SELECT 1").fetchone() == (1,)


def test_what_is_at_hand_is_replaced_as_well_once_it_has_rested(database: Database) -> None:
    with database.driver() as driver:
        close(database, driver.pgconn.backend_pid)
    time.sleep(2 * _FRESH_S)
    with database.driver() as driver:
        assert driver.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("ask", [lambda driver: driver.execute("SELECT 1"), lambda driver: run(driver, "SELECT 1", ())])
def test_a_connection_that_broke_in_use_fails_nobody_else(database: Database, ask: Callable[[Driver], object]) -> None:
    with pytest.raises(psycopg.OperationalError), database.driver() as driver:
        ask(driver)
        close(database, driver.pgconn.backend_pid)
        ask(driver)
    with database.driver() as driver:
        ask(driver)
    with database.begin() as uow:
        assert uow.driver.execute("SELECT 1").fetchone() == (1,)


def test_what_a_failure_left_behind_is_listened_to_at_once(database: Database) -> None:
    with pytest.raises(KeyError), database.driver() as driver:
        close(database, driver.pgconn.backend_pid)
        raise KeyError
    with database.driver() as driver:
        assert driver.execute("SELECT 1").fetchone() == (1,)


def close(database: Database, *pids: int) -> None:
    with psycopg.connect(database.url.replace("gov_app@", "postgres@"), autocommit=True) as superuser:
        for pid in pids:
            superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def test_the_application_role_creates_no_tables(database: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.begin() as uow:
        uow.driver.execute("CREATE TABLE mine (id int)")
