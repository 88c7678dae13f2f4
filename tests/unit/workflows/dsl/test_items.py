"""The items of this repository are clean, and their scenarios reach every step and every act."""

from functools import lru_cache
from pathlib import Path

import pytest

from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import Definition
from workflows.dsl.lint import item_paths, lint_file
from workflows.dsl.scenarios import ScenarioReport, coverage, run_scenarios

ITEMS = item_paths(Path(__file__).resolve().parents[4] / "workflows" / "items")


@lru_cache(maxsize=64)
def compiled(path: Path) -> Definition:
    report = lint_file(path)
    assert report.definition is not None, "\n".join(map(str, report.errors))
    return report.definition


@lru_cache(maxsize=64)
def reports(path: Path) -> tuple[ScenarioReport, ...]:
    return run_scenarios(compiled(path), Calendar.official())


def report(stem: str, scenario: str) -> ScenarioReport:
    path = next(path for path in ITEMS if path.stem == stem)
    return next(report for report in reports(path) if report.id == scenario)


def test_every_item_has_a_code_of_the_made_up_province() -> None:
    codes = [one.facts.codes for path in ITEMS for one in lint_file(path).definitions]
    assert {one.national.base[:2] for one in codes if one is not None} == {"47"}
    assert None not in codes


def test_the_items_written_by_hand_are_there() -> None:
    asked = {"admin-review", "disability-card", "expert-review", "start-business", "birth", "residence-permit"}
    assert asked | {"elderly-allowance", "investment-filing", "pension-check"} <= {path.stem for path in ITEMS}


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_an_item_is_clean(path: Path) -> None:
    assert lint_file(path).findings == ()


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_scenario_comes_out_as_expected(path: Path) -> None:
    assert [(one.id, one.problems) for one in reports(path) if one.problems] == []


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_step_is_visited_and_every_act_taken(path: Path) -> None:
    untried = coverage(compiled(path), reports(path))
    assert untried.missing_steps == ()
    assert untried.missing_acts == ()


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_outcome_is_reached(path: Path) -> None:
    assert {one.outcome for one in reports(path) if one.outcome} == set(compiled(path).outcomes)


@pytest.mark.parametrize("path", [path for path in ITEMS if "family:" in path.read_text("utf-8")], ids=lambda p: p.stem)
def test_every_member_of_a_family_comes_out_as_expected(path: Path) -> None:
    members = lint_file(path).definitions
    assert len({member.facts.id for member in members}) == len(members) > 1
    for member in members:
        tried = run_scenarios(member, Calendar.official())
        assert [problem for one in tried for problem in one.problems] == []
        assert coverage(member, tried).is_complete


def test_the_clock_adds_up_in_every_scenario() -> None:
    for path in ITEMS:
        for one in reports(path):
            counted = sum(line.working_days for line in one.clock.lines if line.is_counted)
            assert counted == one.clock.used_working_days, one.id


def test_minor_and_guarded_adult_name_a_guardian_and_others_do_not() -> None:
    assert report("disability-card", "minor_is_not_made_public").values["guardian.name"] is not None
    assert report("disability-card", "guarded_adult_names_the_guardian").values["guardian.name"] is not None
    assert report("disability-card", "adult_picks_the_card_up").values.get("guardian.name") is None


def test_all_results_of_the_check_are_tried() -> None:
    path = next(path for path in ITEMS if path.stem == "disability-card")
    words = {str(entry) for scenario in compiled(path).scenarios for entry in scenario.run}
    assert {"verify.found", "verify.absent", "verify.mismatch", "verify.unavailable", "verify.confirm"} <= words


def test_a_label_is_there_for_everything_that_a_citizen_sees() -> None:
    for path in ITEMS:
        definition = compiled(path)
        for name in definition.fields:
            assert name in definition.labels
        for name in definition.steps:
            assert f"step.{name}" in definition.labels
