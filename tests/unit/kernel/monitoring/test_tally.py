"""What a process counts is exact, bounded, and comes back from a heartbeat as it was."""

from threading import Thread

import pytest

from gov_portal.kernel.monitoring import metrics
from gov_portal.kernel.monitoring.metrics import EVERY, PROCESS, Kind
from gov_portal.kernel.monitoring.tally import BOUNDS_S, MOST_SERIES, OTHER, Sample, Tally, read_back, written


def test_threads_lose_no_count() -> None:
    tally = Tally()

    def count() -> None:
        for _ in range(1000):
            tally.add(metrics.SIGN_INS, "citizen", "opened")

    threads = [Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.samples() == [Sample(metrics.SIGN_INS, ("citizen", "opened"), 8000)]


@pytest.mark.parametrize(("seconds", "bucket"), [(0.0, 0), (0.005, 0), (0.006, 1), (10.0, 10), (10.1, 11)])
def test_a_duration_falls_into_the_bucket_that_it_does_not_exceed(seconds: float, bucket: int) -> None:
    tally = Tally()
    tally.observe(metrics.REQUEST_SECONDS, "/", seconds=seconds)
    (sample,) = tally.samples()
    assert sample.buckets.index(1) == bucket
    assert len(sample.buckets) == len(BOUNDS_S) + 1


def test_a_gauge_shows_its_last_value() -> None:
    tally = Tally()
    tally.put(metrics.STUCK_CASES, value=3)
    tally.put(metrics.STUCK_CASES, value=1)
    assert tally.samples() == [Sample(metrics.STUCK_CASES, (), 1)]


def test_what_is_watched_is_asked_when_it_is_wanted() -> None:
    tally, held = Tally(), {("police",): 0.0}
    tally.watch(metrics.BREAKER_OPEN, lambda: held)
    held["police",] = 1.0
    assert tally.samples() == [Sample(metrics.BREAKER_OPEN, ("police",), 1)]


def test_there_is_an_end_to_what_is_kept_apart() -> None:
    tally = Tally()
    for number in range(MOST_SERIES + 50):
        tally.add(metrics.LOCKOUTS, f"limit-{number}")
    counted = {one.labels: one.value for one in tally.samples()}
    assert len(counted) == MOST_SERIES + 1
    assert counted[OTHER,] == 50


def test_figures_come_back_from_a_row_as_they_were() -> None:
    tally = Tally()
    tally.add(metrics.REQUESTS, "GET", "/cases/<uuid:case>", "200", by=4)
    tally.observe(metrics.REQUEST_SECONDS, "/", seconds=0.2)
    assert read_back(written(tally.samples())) == tally.samples()


@pytest.mark.parametrize("metric", EVERY.values(), ids=lambda metric: metric.name)
def test_a_figure_is_named_as_prometheus_wants_it(metric: metrics.Metric) -> None:
    assert metric.name.startswith("gov_")
    assert metric.name.endswith("_total") is (metric.kind is Kind.COUNTER)
    assert metric.help.endswith(".")


@pytest.mark.parametrize("metric", EVERY.values(), ids=lambda metric: metric.name)
def test_no_label_names_a_person_a_case_or_an_address(metric: metrics.Metric) -> None:
    known = {PROCESS, "method", "route", "status", "kind", "outcome", "limit", "system", "failure", "topic", "result"}
    known |= {"chore", "state", "item", "stage", "org", "unit", "channel"}
    assert set(metric.labels) <= known
