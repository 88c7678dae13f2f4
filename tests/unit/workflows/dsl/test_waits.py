"""Misuse of waits, limits from tables, collected values and reminders is told at its line, with a remedy."""

from pathlib import Path

import pytest

from workflows.dsl.lint import lint_text

SOURCE = (Path(__file__).parents[3] / "factories" / "permit.yaml").read_text(encoding="utf-8")


def codes(find: str, replace: str) -> set[str]:
    """Return the codes of the errors at the edited line."""
    assert SOURCE.count(find) == 1
    line = SOURCE[: SOURCE.index(find)].count("\n") + 1
    report = lint_text(SOURCE.replace(find, replace), "permit.yaml")
    assert all(found.remedy for found in report.findings)
    return {found.code for found in report.findings if found.at.line == line and found.code[0] == "E"}


@pytest.mark.parametrize(
    ("find", "replace", "code"),
    [
        ("from: dept.health", "from: dept.nowhere", "E120"),
        ("key: site.code", "key: site.cod", "E111"),
        ("message: lab-result", "message: Lab Result", "E020"),
        ("go: wait, max: 1", "go: wait", "E502"),
        ("enough: {label: 不等了, go: next}", "enough: {label: 不等了}", "E012"),
        ("ok:  {label: 受理}", "ok:  {label: 受理, go: next}", "E015"),
        ("gives: [lab.passed]", "gives: [lab.pased]", "E111"),
        ("gives: [lab.passed]", "gives: [lab.tests]", "E103"),
        ("into: lab.tests", "into: lab.passed", "E103"),
        ("within: 10wd\n", "within: soon\n", "E114"),
        ("limit: days", "limit: parts", "E114"),
        ("sort: {decide: parts}", "sort: {decide: days}", "E114"),
        ("out: duty.parts", "out: site.tall", "E121"),
        ('["1..1000", 5wd]', '["1..1000", 5]', "E014"),
        ("remind: [1d, 3d]", "remind: [30d]", "E014"),
        ("remind: [2d]", "remind: [30d]", "E014"),
        ("remind: [1d, 3d]", "remind: [1mo]", "E014"),
        ("late: lapsed, remind", "late: denied, remind", "E505"),
        ("        late: lapsed\n", "        late: denied\n", "E505"),
        ('amount: "site.area * 100"', 'amount: "site.area == 100"', "E103"),
        ('amount: "site.area * 100"', 'amount: "site.size * 100"', "E102"),
        ("name: 高层加收", "name: 审查费", "E021"),
        ("within: 7d\n", "within: weekly\n", "E114"),
        ("        remind: 1d", "        remind: 9d", "E014"),
        ("fee: charged", "fee: nothing", "E015"),
        ('refund: "ratio(fee.amount, 2, half_up)"', 'refund: "fee.result == paid"', "E103"),
    ],
)
def test_a_fault_is_told_where_it_stands(find: str, replace: str, code: str) -> None:
    assert code in codes(find, replace)


def test_a_table_of_limits_needs_a_row_for_everything() -> None:
    assert "E301" in codes("days:  {in: [site.area], out: limit", "days:  {in: [site.area, site.tall], out: limit") or (
        "E301" in codes('["1..1000", 5wd]', '["1..900", 5wd]')
    )


def test_the_longest_row_of_a_limit_is_what_the_promise_must_hold() -> None:
    report = lint_text(SOURCE.replace('"1001..9000", 10wd', '"1001..9000", 30wd'), "permit.yaml")
    assert "E604" in {found.code for found in report.findings}
