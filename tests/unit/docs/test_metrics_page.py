"""The page of metrics lists every figure with its kind, labels and words, and the how-to names figures that exist."""

import re
from pathlib import Path

import pytest

from gov_portal.kernel.monitoring.metrics import EVERY, OF_PROCESSES, OF_STATE, Kind, Metric

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "reference" / "metrics.md").read_text("utf-8")
HOW_TO = (DOCS / "how-to" / "run-and-watch.md").read_text("utf-8")
ENDINGS = ("_bucket", "_sum", "_count")


def row_of(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
    return f"| `{metric.name}` | {metric.kind.value} | {labels} | {metric.help} |"


@pytest.mark.parametrize("metric", EVERY.values(), ids=lambda metric: metric.name)
def test_a_figure_stands_on_the_page_as_the_code_declares_it(metric: Metric) -> None:
    assert PAGE.splitlines().count(row_of(metric)) == 1


def test_the_page_names_no_other_figure() -> None:
    assert set(re.findall(r"^\| `(gov_\w+)`", PAGE, re.MULTILINE)) == set(EVERY)


def test_figures_of_processes_and_of_the_state_stand_apart() -> None:
    of_processes, _, of_state = PAGE.partition("## Figures of the state")
    assert all(f"`{metric.name}`" in of_processes for metric in OF_PROCESSES)
    assert all(f"`{metric.name}`" in of_state for metric in OF_STATE)


def test_alarms_and_tables_name_figures_that_exist() -> None:
    histograms = {
        f"{metric.name}{end}" for metric in EVERY.values() if metric.kind is Kind.HISTOGRAM for end in ENDINGS
    }
    named = set(re.findall(r"\bgov_\w+", HOW_TO))
    assert len(named) > 8
    assert named - set(EVERY) - histograms == set()
