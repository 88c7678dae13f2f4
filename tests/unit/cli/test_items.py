"""`gov items` lints, runs and shows the service items."""

from pathlib import Path

from click.testing import CliRunner

from gov_portal.cli.items import items

ITEM = Path(__file__).resolve().parents[3] / "workflows" / "items" / "disability-card.yaml"


def test_the_items_of_the_package_are_clean() -> None:
    result = CliRunner().invoke(items, ["lint"])
    assert result.exit_code == 0
    assert "items, 0 errors, 0 warnings" in result.output


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
    result = CliRunner().invoke(items, ["scenarios", str(ITEM)])
    assert result.exit_code == 0
    assert "ok   cdpf.disability-card.first adult_hearing_loss: granted" in result.output


def test_a_failing_scenario_fails_the_command(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(ITEM.read_text("utf-8").replace("expect: {outcome: lapsed", "expect: {outcome: denied"), "utf-8")
    result = CliRunner().invoke(items, ["scenarios", str(path)])
    assert result.exit_code == 1
    assert "FAIL" in result.output


def test_an_item_is_shown_as_an_outline() -> None:
    result = CliRunner().invoke(items, ["show", str(ITEM)])
    assert result.exit_code == 0
    assert "    assess [human] 10wd 残疾评定" in result.output
    assert "- deny 不予批准 -> denied" in result.output
