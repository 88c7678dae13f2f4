"""`gov items` lints, runs and shows the service items."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gov_portal.cli.items import items
from gov_portal.cli.main import main
from workflows.dsl.lint import compile_file

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
    assert f"{path}:69:14: E014 " in result.output
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
    assert "27 scenarios, steps 12/12, acts 10/10, rows 5/5" in result.output


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


FAMILY, BUNDLE = ITEM.with_name("filings.yaml"), ITEM.with_name("birth.yaml")
BASE = (ITEM.read_text("utf-8") + "overridable: [item.limit.promised]\n").replace("cdpf.disability", "gd.disability")
OVERLAY = """gov: 1
extends: gd/card@1
item: {id: gz.disability-card.first, version: 1}
set: {item.limit.promised: 19wd}
"""


def run_item(*words: str) -> str:
    result = CliRunner().invoke(main, ["items", *words], input="quit\n")
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("items")
    (folder / "templates" / "gd").mkdir(parents=True)
    (folder / "templates" / "gd" / "card@1.yaml").write_text(BASE, "utf-8")
    path = folder / "card.yaml"
    path.write_text(OVERLAY, "utf-8")
    return path


@pytest.mark.parametrize("command", ["picture", "bpmn", "paths", "simulate"])
def test_families_bundles_and_overlays_are_drawn_and_walked_as_they_are(command: str, overlay: Path) -> None:
    cut = ("--most", "2") if command == "paths" else ()
    member = () if command == "paths" else ("--item", "market.filing.exhibition")
    family, bundle, region = (
        run_item(command, str(path), *further, *cut)
        for path, further in ((FAMILY, member), (BUNDLE, ()), (overlay, ()))
    )
    words = {
        "picture": ("flow-market-filing-exhibition-title", "出生医学证明", "flow-gz-disability-card-first-title"),
        "bpmn": ("id: market.filing.exhibition", '<callActivity id="household"', "promised: 19wd"),
        "paths": ("market.filing.exhibition: 2 paths", "certificate.done", "gz.disability-card.first: 2 paths"),
        "simulate": ("1) apply", "1) apply", "1) apply"),
    }
    for told, word in zip((family, bundle, region), words[command], strict=True):
        assert word in told


@pytest.mark.parametrize(("words", "told"), [((), "holds "), (("--item", "no.such"), "holds no no.such")])
def test_of_a_family_one_item_is_chosen(words: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(main, ["items", "bpmn", str(FAMILY), *words])
    assert result.exit_code == 1
    assert told in result.output
    assert "choose with --item one of market.filing.prepacked-food, " in result.output


def test_what_comes_back_from_the_drawing_of_a_bundle_is_what_a_case_pins(tmp_path: Path) -> None:
    drawing, back = tmp_path / "birth.bpmn", tmp_path / "birth.yaml"
    run_item("bpmn", str(BUNDLE), "--output", str(drawing))
    run_item("bpmn", str(drawing), "--output", str(back))
    (before,), (after,) = compile_file(BUNDLE), compile_file(back)
    assert after.definition.hash == before.definition.hash
