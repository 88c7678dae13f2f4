"""The figures of the state come from a handful of statements that never look at what is closed."""

import re
from pathlib import Path

import pytest

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ledger import FileSigner
from gov_portal.kernel.monitoring import heartbeats, metrics
from gov_portal.kernel.monitoring.heartbeats import RELAY, WEB, WORKER, Heart, beats
from gov_portal.kernel.monitoring.tally import Sample, Tally
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.settings import Settings
from gov_portal.wiring.to_monitoring import StateReader
from tests.factories.town import CARD, Town, build_town
from tests.factories.wire import traced
from tests.integration.kernel.ledger.conftest import seal
from workflows.services.load import MOST_QUEUES, OTHER, Load

MOST_STATEMENTS = 9
"""Eight, and one more for the sandbox's clock."""

PAST = ("workflows_cases", "workflows_case_data", "workflows_finished_tasks", "kernel_ledger", "messaging_messages")


@pytest.fixture
def town(database: Database, keys: KeyStore, files: FileStore) -> Town:
    return build_town(database, keys, files)


def figures(town: Town) -> dict[tuple[str, ...], float]:
    samples = StateReader(town.db, town.clock).read()
    return {(one.metric.name, *one.labels): one.value for one in samples}


def scans(driver: Driver) -> dict[str, int]:
    driver.execute("SELECT pg_stat_force_next_flush()")
    rows = driver.execute("SELECT relname, seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables").fetchall()
    return {name: number for name, number in rows if name.startswith(PAST)}


def test_open_tasks_are_counted_by_unit_and_kind_of_task(town: Town) -> None:
    town.submitted()
    town.submitted(town.newcomer())
    found = figures(town)
    assert found["gov_open_tasks", "dept.subdistrict", "470101", "work"] == 2
    assert found["gov_overdue_tasks", "dept.subdistrict", "470101", "work"] == 0
    assert found["gov_oldest_overdue_seconds",] == 0


def test_the_oldest_overdue_task_is_told_in_business_time(town: Town) -> None:
    town.submitted()
    with town.db.driver() as driver:
        driver.execute("UPDATE workflows_tasks SET due_at = %s", (town.clock.now(),))
    town.move("2026-03-12")
    found = figures(town)
    assert found["gov_overdue_tasks", "dept.subdistrict", "470101", "work"] == 1
    assert found["gov_oldest_overdue_seconds",] == 10 * 86_400


def test_what_happened_is_told_by_item_stage_and_outcome(town: Town) -> None:
    with town.db.begin() as uow:
        uow.driver.execute(
            "INSERT INTO workflows_counts VALUES (%s, 'submitted', 5), (%s, 'closed:granted', 3)", (CARD, CARD)
        )
    found = figures(town)
    assert found["gov_cases_total", CARD, "submitted", ""] == 5
    assert found["gov_cases_total", CARD, "closed", "granted"] == 3


def test_the_outbox_is_told_by_topic_with_its_lag(town: Town) -> None:
    with town.db.begin() as uow:
        outbox.add(uow, OutboxMessage("case.call", "a"), OutboxMessage("message.deliver", "b", delay_s=600))
    with town.db.driver() as driver:
        driver.execute(
            "UPDATE kernel_outbox SET available_at = now() - interval '90 s', last_error = 'x' WHERE key = 'a'"
        )
    found = figures(town)
    assert found["gov_outbox_messages", "case.call"] == found["gov_outbox_failing", "case.call"] == 1
    assert found["gov_outbox_lag_seconds", "case.call"] == pytest.approx(90, abs=5)
    assert found["gov_outbox_lag_seconds", "message.deliver"] == 0


def test_the_last_seal_is_told(town: Town, settings: Settings) -> None:
    assert ("gov_ledger_sealed_timestamp_seconds",) not in figures(town)
    town.submitted()
    seal(town.db, FileSigner(settings.secrets_dir))
    with town.db.driver() as driver:
        row = driver.execute("SELECT extract(epoch FROM now())::float8").fetchone()
    assert figures(town)["gov_ledger_sealed_timestamp_seconds",] == pytest.approx(row[0], abs=30)


def test_no_row_of_the_past_is_looked_at(town: Town) -> None:
    town.submitted()
    figures(town)
    with town.db.driver() as driver:
        before = scans(driver)
        figures(town)
        after = scans(driver)
    assert before
    assert after == before


def test_it_is_a_handful_of_statements(town: Town, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    with Database(database_urls.app, pool_size=1) as database:
        reader = StateReader(database, SimulatedClock(database))
        reader.read()
        with database.driver() as driver:
            connection = driver
        with traced(connection, tmp_path / "trace"):
            reader.read()
    sent = re.findall(r"^F\t\d+\t(?:Execute|Query)", (tmp_path / "trace").read_text(), re.MULTILINE)
    assert 0 < len(sent) <= MOST_STATEMENTS


def test_more_queues_than_can_be_told_apart_are_added_up(town: Town) -> None:
    with town.db.begin() as uow:
        uow.driver.execute(
            """INSERT INTO workflows_tasks (case_id, key, step, kind, role, org, unit, opened_at, is_provisional)
            SELECT gen_random_uuid(), 'a.1', 'a', 'review', 'checker', 'dept.x', n::text, now(), false
            FROM generate_series(1, %s) AS n""",
            (MOST_QUEUES + 20,),
        )
    queues = Load(town.db, town.clock).queues(now=town.clock.now())
    assert len(queues) == MOST_QUEUES + 1
    assert (queues[-1].org, queues[-1].waiting) == (OTHER, 20)


def a_heart(database: Database, kind: str, *samples: tuple) -> Heart:
    tally = Tally()
    for metric, *labels in samples:
        tally.add(metric, *labels)
    return Heart(database, kind, tally)


def test_a_heart_tells_that_its_process_lives_and_what_it_counted(database: Database) -> None:
    heart = a_heart(database, WORKER, (metrics.DELIVERIES, "case.call", "done"))
    heart.tally.observe(metrics.DELIVERY_SECONDS, "case.call", seconds=0.3)
    heart.beat()
    heart.tally.add(metrics.DELIVERIES, "case.call", "done")
    heart.beat()
    with database.driver() as driver:
        (beat,) = beats(driver)
    assert beat.is_alive
    assert beat.kind == WORKER
    done, took = beat.samples
    assert done == Sample(metrics.DELIVERIES, ("case.call", "done"), 2)
    assert took.value == pytest.approx(0.3)
    assert sum(took.buckets) == 1


def test_the_dead_are_told_of_but_their_figures_are_not(database: Database, town: Town) -> None:
    a_heart(database, RELAY, (metrics.CHORE_FAILURES, "seal")).beat()
    with database.driver() as driver:
        driver.execute("UPDATE kernel_heartbeats SET beat_at = now() - interval '5 min'")
        (beat,) = beats(driver)
    assert not beat.is_alive
    assert beat.samples == ()
    assert figures(town)["gov_processes", RELAY] == 0
    assert figures(town)["gov_heartbeat_age_seconds", RELAY] == pytest.approx(300, abs=10)


def test_the_long_dead_are_forgotten(database: Database) -> None:
    a_heart(database, WEB).beat()
    with database.driver() as driver:
        driver.execute("UPDATE kernel_heartbeats SET beat_at = now() - interval '8 days'")
    assert heartbeats.tidy(database) == 1


def test_what_another_release_counted_is_left_out(database: Database, town: Town) -> None:
    a_heart(database, WEB).beat()
    with database.driver() as driver:
        driver.execute("""UPDATE kernel_heartbeats SET figures = '[["gov_of_tomorrow_total", ["x"], 1, []]]'""")
        (beat,) = beats(driver)
    assert beat.samples == ()
