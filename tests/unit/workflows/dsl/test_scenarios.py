"""The simulator keeps the meaning of a run: full limits, given times, and honest problems."""

from datetime import timedelta
from pathlib import Path

from gov_portal.kernel.working_days import SHANGHAI, Calendar
from workflows.dsl.lint import compile_text, lint_text
from workflows.dsl.scenarios import ScenarioReport, coverage, run_scenarios

ITEM = Path(__file__).resolve().parents[4] / "workflows" / "items" / "disability-card.yaml"
SOURCE = ITEM.read_text(encoding="utf-8")
HEAD = SOURCE[: SOURCE.index("scenarios:")]
CALENDAR = Calendar.official()


def run(run_: str, expect: str = "{}", given: str = "{}") -> ScenarioReport:
    text = f"{HEAD}scenarios:\n  one:\n    given: {given}\n    run: {run_}\n    expect: {expect}\n"
    return run_scenarios(compile_text(text, "item.yaml"), CALENDAR)[0]


def day(report: ScenarioReport, kind: str, step: str = "") -> str:
    at = next(h.at for h in report.happenings if h.kind == kind and (not step or h.step == step))
    return at.astimezone(SHANGHAI).date().isoformat()


def test_a_step_takes_its_full_limit() -> None:
    # accepted on the fifth working day after Monday 2 March 2026
    assert day(run("[apply, accept.ok]"), "acted", "accept") == "2026-03-09"


def test_a_stated_time_takes_its_place() -> None:
    assert day(run("[apply, {after: 1wd}, accept.ok]"), "acted", "accept") == "2026-03-03"


def test_parallel_steps_each_take_their_own_time() -> None:
    report = run("[apply, {after: 1wd}, accept.ok, assess, verify.absent, verify.confirm]")
    assert day(report, "confirmed", "verify") == "2026-03-05"
    assert day(report, "acted", "assess") == "2026-03-17"


def test_the_first_day_may_be_given() -> None:
    text = f'{HEAD}scenarios:\n  one: {{start: "2026-02-13", run: [apply, accept.ok], expect: {{}}}}\n'
    report = run_scenarios(compile_text(text, "item.yaml"), CALENDAR)[0]
    # 14 and 28 February 2026 are worked Saturdays around the New Year holiday of 15-23 February
    assert day(report, "acted", "accept") == "2026-02-27"


def test_an_entry_that_cannot_happen_is_a_problem_at_its_place() -> None:
    report = run("[apply, approve.ok]")
    assert len(report.problems) == 1
    assert "`approve.ok` cannot happen now; open is accept" in report.problems[0]
    assert report.problems[0].startswith("item.yaml:")


def test_a_refused_command_is_a_problem() -> None:
    report = run("[apply, accept.ok, {assess: {assess.level: 0}}, publicise.elapses, review.ok, review.ok, approve.ok]")
    assert "case.act-not-allowed" in report.problems[0]


def test_what_does_not_come_out_is_a_problem() -> None:
    assert (
        "`outcome` should be granted, but is refused" in run("[apply, accept.refuse]", "{outcome: granted}").problems[0]
    )


def test_expected_happenings_are_in_order() -> None:
    assert run("[apply, accept.ok]", "{happenings: [submitted, acted]}").is_good
    assert not run("[apply, accept.ok]", "{happenings: [acted, submitted]}").is_good


def test_machines_that_the_run_does_not_name_answer_well_at_once() -> None:
    report = run("[apply, accept.ok, assess]")
    answered = next(h.at for h in report.happenings if h.kind == "answered")
    entered = next(h.at for h in report.happenings if h.kind == "entered" and h.step == "verify")
    assert answered - entered == timedelta(0)


def test_coverage_names_what_is_never_tried() -> None:
    text = f"{HEAD}scenarios:\n  one: {{run: [apply, accept.ok], expect: {{}}}}\n"
    definition = compile_text(text, "item.yaml")
    untried = coverage(definition, run_scenarios(definition, CALENDAR))
    assert "approve" in untried.missing_steps
    assert "accept.refuse" in untried.missing_acts
    assert "accept.ok" not in untried.missing_acts


def test_given_values_are_typed_by_their_fields() -> None:
    text = f"{HEAD}scenarios:\n  one: {{given: {{claim: {{homebound: perhaps}}}}, run: [apply], expect: {{}}}}\n"
    assert [finding.code for finding in lint_text(text, "item.yaml").errors] == ["E124"]
