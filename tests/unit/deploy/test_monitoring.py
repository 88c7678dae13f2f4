"""Alarms and the dashboard ask for figures that the platform gives, by labels that these have."""

import json
import re
from itertools import combinations

import pytest
import yaml

from gov_portal.kernel.monitoring.metrics import EVERY, Kind
from tests.factories.deployed import DEPLOY, ROOT, documents

FOLDER = DEPLOY / "monitoring"
(RULES,) = documents(FOLDER / "alerts.yaml")
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
BOARD = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
ASKED = [(panel["title"], one["expr"], one["legendFormat"]) for panel in BOARD["panels"] for one in panel["targets"]]
EXPRESSIONS = [(rule["alert"], rule["expr"]) for rule in ALERTS] + [(title, expr) for title, expr, _ in ASKED]
GROUPED = re.compile(r"by \(([^)]*)\)")


def labels_of(name: str, *, is_bucket: bool) -> set[str]:
    metric = EVERY[name]
    return {*metric.labels, *(["le"] if is_bucket else [])}


@pytest.mark.parametrize(
    ("name", "expression"), EXPRESSIONS, ids=[f"{name}: {expr[:40]}" for name, expr in EXPRESSIONS]
)
def test_an_expression_names_figures_and_labels_that_exist(name: str, expression: str) -> None:
    found = [
        (figure, bool(bucket), matchers)
        for figure, bucket, matchers in re.findall(r"\b(gov_\w+?)(_bucket)?(?![\w])(?:\{([^}]*)\})?", expression)
    ]
    assert found
    known: set[str] = set()
    for figure, is_bucket, matchers in found:
        assert (EVERY[figure].kind is Kind.HISTOGRAM) is is_bucket
        own = labels_of(figure, is_bucket=is_bucket)
        assert set(re.findall(r"(\w+)\s*=", matchers)) <= own
        known |= own
    for group in GROUPED.findall(expression):
        assert {label.strip() for label in group.split(",")} <= known
    assert expression.count("(") == expression.count(")")


@pytest.mark.parametrize(
    ("name", "expression"), EXPRESSIONS, ids=[f"{name}: {expr[:40]}" for name, expr in EXPRESSIONS]
)
def test_a_counter_is_never_read_without_its_rate(name: str, expression: str) -> None:
    for figure, bucket in re.findall(r"\b(gov_\w+?)(_bucket)?(?!\w)", expression):
        if EVERY[figure].kind is not Kind.GAUGE:
            assert re.search(rf"(rate|increase|absent)\({figure}{bucket}\b", expression)


def test_an_alarm_says_how_urgent_it_is_and_what_it_means() -> None:
    assert {rule["labels"]["severity"] for rule in ALERTS} == {"page", "ticket"}
    assert [rule["alert"] for rule in ALERTS if not rule["annotations"]["summary"].endswith(".")] == []
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    spans = [rule["for"] for rule in ALERTS if "for" in rule]
    assert [span for span in spans if not re.fullmatch(r"\d+[mh]", span)] == []


def test_a_legend_names_labels_that_are_left() -> None:
    for title, expression, legend in ASKED:
        grouped = {label.strip() for group in GROUPED.findall(expression) for label in group.split(",")}
        assert set(re.findall(r"\{\{(\w+)\}\}", legend)) <= grouped, title


def test_panels_stand_side_by_side_and_have_numbers_of_their_own() -> None:
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    for one, other in combinations([panel["gridPos"] for panel in BOARD["panels"]], 2):
        is_apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert is_apart
    assert max(panel["gridPos"]["x"] + panel["gridPos"]["w"] for panel in BOARD["panels"]) == 24


def test_prometheus_asks_once_and_reads_the_rules_that_lie_beside() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yaml").read_text("utf-8"))
    assert [(FOLDER / name).exists() for name in config["rule_files"]] == [True]
    (job,) = config["scrape_configs"]
    assert len(job["static_configs"][0]["targets"]) == 1
    assert "deploy/monitoring/alerts.yaml" in (ROOT / "docs" / "how-to" / "run-and-watch.md").read_text("utf-8")
