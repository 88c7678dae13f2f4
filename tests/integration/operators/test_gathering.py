"""Whichever process is asked, it tells of all that live; and of itself when the database is gone."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gov_portal.cli.embedded import APP_ROLE, EmbeddedPostgres, provision
from gov_portal.cli.instance import FONTS
from gov_portal.kernel.monitoring import metrics
from gov_portal.kernel.monitoring.heartbeats import WEB, WORKER, Heart
from gov_portal.kernel.monitoring.monitor import Monitor
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.schema import migrate
from gov_portal.settings import Settings
from gov_portal.wiring.checks import patient
from gov_portal.wiring.platform import build
from gov_portal.wiring.to_monitoring import monitor_of

SIGNED_IN = ("citizen", "opened")


class Worker(Heart):
    """A heart that beats for another machine."""

    name = "worker@elsewhere:7"


class Nothing:
    """An exchange that holds nothing back."""

    @staticmethod
    def held_back() -> frozenset:
        return frozenset()


@contextmanager
def watching(settings: Settings) -> Iterator[Monitor]:
    monitor = monitor_of(settings, Nothing(), kind=WEB, tally=Tally())
    monitor.tally.add(metrics.SIGN_INS, *SIGNED_IN)
    yield monitor
    monitor.close()


def figures(monitor: Monitor) -> dict[tuple[str, ...], float]:
    return {(one.metric.name, *one.labels): one.value for one in monitor.samples()}


def test_the_figures_of_every_living_process_are_gathered_and_told_apart(settings: Settings) -> None:
    with watching(settings) as monitor, patient(settings) as database:
        monitor.heart.beat()
        monitor.tally.add(metrics.SIGN_INS, *SIGNED_IN)
        elsewhere = Worker(database, WORKER, Tally())
        elsewhere.tally.add(metrics.DELIVERIES, "case.call", "done", by=5)
        elsewhere.beat()
        found = figures(monitor)
        kinds = set(monitor.health().last_beat_s)
    # Of itself a process tells what it knows now, not what it knew at its last beat.
    assert found[metrics.SIGN_INS.name, monitor.heart.name, *SIGNED_IN] == 2
    assert found[metrics.DELIVERIES.name, "worker@elsewhere:7", "case.call", "done"] == 5
    assert found[metrics.PROCESSES.name, WEB] == found[metrics.PROCESSES.name, WORKER] == 1
    assert found[metrics.STATE_READABLE.name,] == 1
    assert kinds == {WEB, WORKER}


def test_without_a_database_a_process_tells_of_itself(settings: Settings) -> None:
    with watching(replace(settings, database_url="postgresql://nobody@127.0.0.1:1/gov")) as monitor:
        found, health = figures(monitor), monitor.health()
    assert found == {(metrics.SIGN_INS.name, monitor.heart.name, *SIGNED_IN): 1, (metrics.STATE_READABLE.name,): 0}
    assert not health.is_ready
    assert health.last_beat_s == {}


def test_a_database_that_freezes_keeps_nobody_waiting(settings: Settings, make_home) -> None:
    with EmbeddedPostgres(make_home()) as server:
        urls = provision(server.url())
        migrate(urls.owner, APP_ROLE)
        with watching(replace(settings, database_url=urls.app)) as monitor:
            assert figures(monitor)[metrics.STATE_READABLE.name,] == 1
            assert server.pid is not None
            os.kill(server.pid, signal.SIGSTOP)
            try:
                time.sleep(1.1)
                started = time.monotonic()
                is_ready = monitor.health().is_ready
                took_s = time.monotonic() - started
            finally:
                os.kill(server.pid, signal.SIGCONT)
            monitor.beats.get(wait_s=10)
    assert not is_ready
    assert took_s < 2


def test_a_platform_counts_where_its_monitor_reads(settings: Settings) -> None:
    platform = build(replace(settings, fonts_dir=FONTS, departments={"police": "http://127.0.0.1:1"}), kind=WEB)
    with platform.base.db, platform.base.db.driver():
        found = {(one.metric.name, *one.labels): one.value for one in platform.monitor.tally.samples()}
    assert found[metrics.BREAKER_OPEN.name, "police"] == 0
    assert found[metrics.CONNECTIONS.name, "in-use"] == 1
    assert platform.work().tally is platform.monitor.tally
