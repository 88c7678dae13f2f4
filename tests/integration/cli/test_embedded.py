import os
import signal
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from gov_portal.cli.embedded import EmbeddedFailed, EmbeddedPostgres, EmbeddedRedis, provision


def answer_of(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_data_outlives_a_stop_and_a_killed_supervisor(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as first:
        urls = provision(first.url())
        with psycopg.connect(urls.owner) as connection:
            connection.execute("CREATE TABLE notes AS SELECT 'kept' AS word")
        pid = first.pid
        first.release()
        with EmbeddedPostgres(tmp_path) as second:
            assert second.pid != pid
            assert provision(second.url()) == urls
            assert answer_of(urls.owner, "SELECT word FROM notes") == "kept"
            last = second.pid
    assert last is not None
    assert not is_running(last)


def test_a_deep_folder_that_others_may_not_enter_will_do(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / ("deep" * 20) / ("deeper" * 20)) as server:
        assert answer_of(server.url(), "SELECT 42") == 42
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_mode & 0o777 in (0o700, 0o701)


def test_the_embedded_database_is_durable_and_speaks_utc(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as server:
        assert [answer_of(server.url(), f"SHOW {name}") for name in ("fsync", "timezone")] == ["on", "UTC"]
        assert answer_of(server.url(), "SHOW listen_addresses") == ""


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path):
        pass
    (tmp_path / "postgres" / "postgresql.conf").write_text("nonsense")
    with pytest.raises(EmbeddedFailed, match="contains errors"):
        EmbeddedPostgres(tmp_path).start()


def test_a_broken_data_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "stranger").write_text("")
    with pytest.raises(EmbeddedFailed, match="initdb failed"):
        EmbeddedPostgres(tmp_path).start()


def test_redis_comes_back_on_the_same_address_after_a_kill(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        url = server.url
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server.start()
        with Redis(unix_socket_path=url.removeprefix("redis+socket://")) as client:
            assert client.ping()


def test_redis_left_by_a_killed_supervisor_is_replaced(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as first:
        pid = first.pid
        first.release()
        with EmbeddedRedis(tmp_path) as second:
            assert second.pid != pid
        assert pid is not None
        assert not is_running(pid)
