"""Count what one process does, in its memory; a heartbeat carries the sums to where they are read."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from gov_portal.kernel.monitoring.metrics import EVERY, Kind, Metric

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the buckets of a histogram; one more holds what took longer."""

MOST_SERIES = 2_000
"""How many different labels a process keeps apart; what comes later is counted under ``other``."""

OTHER = "other"

Labels = tuple[str, ...]
Watch = Callable[[], Mapping[Labels, float]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one figure with its labels; ``buckets`` of a histogram count each by itself, ``value`` is their sum."""

    metric: Metric
    labels: Labels
    value: float
    buckets: tuple[int, ...] = ()


class Tally:
    """Keep counters, gauges and histograms; safe for threads, and cheap enough for every request."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._values: dict[tuple[Metric, Labels], float] = {}
        self._buckets: dict[tuple[Metric, Labels], list[int]] = {}
        self._watched: list[tuple[Metric, Watch]] = []
        self._lock = Lock()

    def add(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """Count on."""
        with self._lock:
            place = self._place(metric, labels)
            self._values[place] += by

    def put(self, metric: Metric, *labels: str, value: float) -> None:
        """Replace the value of a gauge."""
        with self._lock:
            self._values[self._place(metric, labels)] = value

    def observe(self, metric: Metric, *labels: str, seconds: float) -> None:
        """Enter one duration."""
        with self._lock:
            place = self._place(metric, labels)
            self._values[place] += seconds
            self._buckets[place][bisect_left(BOUNDS_S, seconds)] += 1

    def watch(self, metric: Metric, read: Watch) -> None:
        """Ask ``read`` for the values of a gauge whenever they are wanted; it must be quick and never fail."""
        self._watched.append((metric, read))

    def samples(self) -> list[Sample]:
        """Return everything that is known now; labels without the process."""
        with self._lock:
            found = [
                Sample(metric, labels, value, tuple(self._buckets.get((metric, labels), ())))
                for (metric, labels), value in self._values.items()
            ]
        watched = [(metric, read()) for metric, read in self._watched]
        return found + [Sample(metric, labels, value) for metric, rows in watched for labels, value in rows.items()]

    def _place(self, metric: Metric, labels: Labels) -> tuple[Metric, Labels]:
        place = (metric, labels)
        if place not in self._values:
            if len(self._values) >= MOST_SERIES:
                place = (metric, (OTHER,) * len(labels))
            self._values.setdefault(place, 0)
            if metric.kind is Kind.HISTOGRAM:
                self._buckets.setdefault(place, [0] * (len(BOUNDS_S) + 1))
        return place


def written(samples: Iterable[Sample]) -> list[list[object]]:
    """Return samples as JSON for the row of a heartbeat."""
    return [[one.metric.name, list(one.labels), one.value, list(one.buckets)] for one in samples]


def read_back(rows: Iterable[Any]) -> list[Sample]:
    """Return the samples of a row; what another release counted and we do not know is left out."""
    return [
        Sample(EVERY[name], tuple(labels), value, tuple(buckets))
        for name, labels, value, buckets in rows
        if name in EVERY and len(labels) == len(EVERY[name].labels) - 1
    ]
