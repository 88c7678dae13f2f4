"""What an item says of its limits, of silence and of renewals in time is checked, at the right line."""

from pathlib import Path

import pytest

from gov_portal.kernel.working_days import Calendar
from tests.factories import cases
from tests.factories.faults import assert_found
from workflows.domain.definition import Duration, Silence, Unit
from workflows.dsl.lint import compile_text, lint_text
from workflows.dsl.outline import outline
from workflows.dsl.scenarios import coverage, run_scenarios

SILENCE, INJURY, RENEWAL = (
    (Path(cases.__file__).parent / "law" / f"{name}.yaml").read_text(encoding="utf-8")
    for name in ("silence", "injury", "renewal")
)
DEEMED = "deemed: approve.ok"
FAULTS = [
    ("a mapping for silence", SILENCE, DEEMED, "deemed: {approve: ok}", "E014"),
    ("an act without its step", SILENCE, DEEMED, "deemed: ok", "E014"),
    ("silence at an unknown step", SILENCE, DEEMED, "deemed: aprove.ok", "E116"),
    ("silence of an unknown act", SILENCE, DEEMED, "deemed: approve.okay", "E115"),
    ("silence that refuses", SILENCE, DEEMED, "deemed: approve.deny", "E505"),
    ("silence that asks", SILENCE, DEEMED, "deemed: approve.more", "E505"),
    ("silence that returns", SILENCE, DEEMED, "deemed: approve.redo", "E505"),
    ("silence before the decision", SILENCE, DEEMED, "deemed: second.ok", "E519"),
    ("silence of a step that is filled", SILENCE, DEEMED, "deemed: first.ok", "E519"),
    ("silence while the applicant is asked", SILENCE, ", basis: 药品管理法}\n        redo", "}\n        redo", "E519"),
    ("a decision that silence leaves out", SILENCE, "from: [applicant.name", "from: [findings.facts", "E519"),
    ("a way that a review decides", SILENCE, "{issue: id-card,", "{issue: id-card, when: second.act == ok,", "E519"),
    ("a limit from no table", INJURY, "promised: span}", "promised: spam}", "E114"),
    ("a limit in hours", INJURY, "[true, 15d]", "[true, 15h]", "E014"),
    ("a table that leaves a case without a limit", INJURY, ", [false, 60d]]", "]", "E301"),
    ("a limit that is known too late", INJURY, ", fill: [accident.clear]", "", "E201"),
    ("a promise beyond the law in some case", INJURY, "promised: span}", "promised: 30d}", "E601"),
    ("a step longer than the promise of some case", INJURY, "limit: span", "limit: 60d", "E604"),
    ("an extension in hours", INJURY, "add: 30d", "add: 30h", "E014"),
    ("in time without silence", RENEWAL, ", deemed: granted}", "}", "E015"),
    ("in time before it opens", RENEWAL, "in_time: 30d", "in_time: 90d", "E014"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "find", "replace", "code"), [pytest.param(*one[1:], id=one[0]) for one in FAULTS])
def test_a_fault_is_found(source: str, find: str, replace: str, code: str) -> None:
    assert_found(code, source, find=find, replace=replace)


def test_the_item_of_silence_is_covered_by_its_own_scenarios() -> None:
    item = compile_text(SILENCE, "silence.yaml")
    reports = run_scenarios(item, Calendar.official())
    assert [report.problems for report in reports if report.problems] == []
    assert coverage(item, reports).is_complete


def test_a_run_ends_no_limit_that_decides_nothing() -> None:
    text = SILENCE.replace(f", {DEEMED}", "")
    report = next(one for one in run_scenarios(compile_text(text, "x.yaml"), Calendar.official()) if one.problems)
    assert report.id == "nobody_decides"
    assert "no limit of the case runs" in report.problems[0]


def test_versions_are_compared_by_what_silence_is() -> None:
    item = compile_text(SILENCE, "silence.yaml")
    assert item.anytime.silence == Silence("approve", "ok")
    assert outline(item)["anytime"]["silence"] == {"step": "approve", "act": "ok"}


def test_a_limit_of_a_table_is_the_longest_until_it_is_read() -> None:
    facts = compile_text(INJURY, "injury.yaml").facts
    assert facts.statutory == facts.promised == Duration(60, Unit.DAY, "span")


def test_a_wait_for_the_applicant_that_stops_the_clock_keeps_silence_possible() -> None:
    assert lint_text(SILENCE, "item.yaml").errors == ()
