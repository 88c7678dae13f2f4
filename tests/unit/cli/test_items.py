"""`gov items` lints, runs and shows the service items."""

from pathlib import Path

from click.testing import CliRunner

from gov_portal.cli.items import items
from gov_portal.cli.main import main

ITEM = Path(__file__).resolve().parents[3] / "workflows" / "items" / "disability-card.yaml"


def test_the_items_of_the_package_are_clean() -> None:
    result = CliRunner().invoke(items, ["lint"])
    assert result.exit_code == 0
    assert " items, 0 errors, 0 warnings" in result.output


def test_a_fault_is_printed_with_its_place_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(ITEM.read_text("utf-8").replace("limit: 5wd", "limit: 5wk"), "utf-8")
    result = CliRunner().invoke(items, ["lint", str(path)])
    assert result.exit_code == 1
    assert f"{path}:68:14: E014 " in result.output
    assert " — write a whole number" in result.output


def test_what_is_no_text_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(b"gov: 1\n\xff\xfe")
    result = CliRunner().invoke(items, ["lint", str(path)])
    assert result.exit_code == 1
    assert f"{path}:2:1: E001 the file is not UTF-8" in result.output


def test_scenarios_are_run_one_by_one() -> None:
    result = CliRunner().invoke(main, ["items", "test", str(ITEM)])
    assert result.exit_code == 0
    assert "ok   cdpf.disability-card.first adult_hearing_loss: granted" in result.output
    assert "24 scenarios, steps 12/12, acts 10/10, rows 5/5" in result.output


def test_what_no_scenario_reaches_is_named_and_fails_the_command(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    text = ITEM.read_text("utf-8").replace("assess.level: 4", "assess.level: 3")
    before, _, rest = text.partition("  objection_is_upheld:\n")
    path.write_text(before + "".join(rest.splitlines(keepends=True)[2:]), "utf-8")
    result = CliRunner().invoke(main, ["items", "test", str(path)])
    assert result.exit_code == 1
    assert "FAIL cdpf.disability-card.first: no scenario reaches publicise.uphold" in result.output
    assert "note cdpf.disability-card.first: no scenario reaches grade row 5" in result.output


def test_a_failing_scenario_fails_the_command(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(ITEM.read_text("utf-8").replace("expect: {outcome: lapsed", "expect: {outcome: denied"), "utf-8")
    result = CliRunner().invoke(main, ["items", "test", str(path)])
    assert result.exit_code == 1
    assert "FAIL" in result.output


def test_an_item_is_shown_as_an_outline() -> None:
    result = CliRunner().invoke(items, ["show", str(ITEM)])
    assert result.exit_code == 0
    assert "    assess [human] 10wd 残疾评定" in result.output
    assert "- deny 不予批准 -> denied" in result.output


def test_what_can_happen_is_enumerated_up_to_a_bound_that_is_said() -> None:
    result = CliRunner().invoke(main, ["items", "paths", str(ITEM), "--most", "40"])
    assert result.exit_code == 0
    assert "apply → accept.refuse ⇒ refused" in result.output
    assert "[applicant.birth = 2015-06-01] apply → accept.ok → assess {assess.level: 0} → verify.found → review.ok" in (
        result.output
    )
    assert "cut after 40, there are more (--most)" in result.output


def test_a_case_is_walked_by_hand_and_ends_as_a_scenario() -> None:
    typed = "1\n1\nassess assess.levl=2\nnothing\nafter 2wd\nassess assess.level=2\nassess\nverify.found\nwithdraw\n"
    result = CliRunner().invoke(main, ["items", "simulate", str(ITEM)], input=typed)
    assert result.exit_code == 0
    assert "accept.1: 受理 (window, due 2026-03-10)" in result.output
    assert "there is no field assess.levl" in result.output
    assert "`nothing` is none of the choices" in result.output
    assert "day 2 of 15" in result.output
    assert "closed: 已撤回" in result.output
    run = "run: [apply, accept.ok, {after: 2wd}, {assess: {assess.level: 2}}, verify.found, withdraw]"
    assert result.output.endswith(f"{run}\n")


def test_a_walk_that_is_broken_off_says_how_far_it_came() -> None:
    result = CliRunner().invoke(main, ["items", "simulate", str(ITEM)], input="1\n")
    assert result.output.endswith("run: [apply]\n")
