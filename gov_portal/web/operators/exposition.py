"""Write figures in the text format of Prometheus."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from gov_portal.kernel.monitoring.metrics import Kind, Metric
from gov_portal.kernel.monitoring.tally import BOUNDS_S, Sample

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Figures(Collector):
    """Give the library what it writes; it keeps nothing itself."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = list(families)

    def collect(self) -> Iterator[Family]:
        """Return the figures that were given."""
        yield from self._families


def exposition(samples: Iterable[Sample]) -> bytes:
    """Return the text; samples of one figure stand together, in the order in which each first came."""
    found: dict[Metric, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.metric, []).append(sample)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(_family(metric, rows) for metric, rows in found.items()))
    return generate_latest(registry)


def _family(metric: Metric, rows: Iterable[Sample]) -> Family:
    match metric.kind:
        case Kind.COUNTER:
            counter = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
            for row in rows:
                counter.add_metric(row.labels, row.value)
            return counter
        case Kind.GAUGE:
            gauge = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
            for row in rows:
                gauge.add_metric(row.labels, row.value)
            return gauge
        case Kind.HISTOGRAM:
            histogram = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
            for row in rows:
                histogram.add_metric(row.labels, _buckets(row), row.value)
            return histogram


def _buckets(row: Sample) -> list[tuple[str, float]]:
    """Return the upper ends with how many took no longer, as the format counts them."""
    total = 0.0
    buckets = []
    for end, count in zip([*map(str, BOUNDS_S), "+Inf"], row.buckets, strict=True):
        total += count
        buckets.append((end, total))
    return buckets
