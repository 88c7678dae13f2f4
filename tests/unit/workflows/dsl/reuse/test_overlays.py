"""A region overrides what the base item marks, nothing else, and carries its overrides over to a newer base."""

from pathlib import Path

import pytest

from tests.factories.reuse import ITEM, WRITTEN_OUT, a_library
from workflows.dsl.findings import DefinitionInvalid
from workflows.dsl.lint import lint_file, lint_text
from workflows.dsl.reuse.library import Library
from workflows.dsl.reuse.merge import merge_overlay

MARKS = "overridable: [item.limit.promised, materials, step.check.limit, labels.*]\n"
PAPERS = "materials:\n  lease: {name: 租赁合同, from: upload}\n"
BASE = ITEM + PAPERS + MARKS + WRITTEN_OUT + "labels: {step.check: 核对}\n"
OVERLAY = """gov: 1
extends: gd/bench@1
item: {id: gz.bench, version: 4}
set:
  # 市里承诺得更快
  item.limit.promised: 6wd
  step.check.limit: 3wd
  materials.plan: {name: 平面图, from: upload}
  labels.step.check: 市里核对
"""


def bases(folder: Path, **texts: str) -> Library:
    return a_library(folder, gd_bench_1=BASE, **texts)


def test_a_region_overrides_what_the_base_marks(tmp_path: Path) -> None:
    report = lint_text(OVERLAY, "gz.yaml", library=bases(tmp_path))
    assert report.errors == ()
    (item,) = report.definitions
    assert (item.facts.id, item.facts.version, str(item.facts.promised)) == ("gz.bench", 4, "6wd")
    assert str(item.steps["check"].limit) == "3wd"
    assert [one.id for one in item.materials] == ["lease", "plan"]
    assert item.label("step.check") == "市里核对"


def test_a_region_takes_away_what_it_may_override(tmp_path: Path) -> None:
    (item,) = lint_text(OVERLAY + "  materials.lease: missing\n", "gz.yaml", library=bases(tmp_path)).definitions
    assert [one.id for one in item.materials] == ["plan"]


def test_marks_are_no_part_of_what_a_case_pins(tmp_path: Path) -> None:
    marked, bare = (lint_text(text, "base.yaml").definition for text in (BASE, BASE.replace(MARKS, "")))
    assert marked is not None
    assert bare is not None
    assert marked.hash == bare.hash


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("item.limit.promised: 6wd", "item.limit.statutory: 30wd", "E832"),
        ("item.limit.promised: 6wd", "item.name: 我市长椅", "E832"),
        ("item.limit.promised: 6wd", "outcomes.granted.closing: 退回办结", "E832"),
        ("item.limit.promised: 6wd", "item.limit.promisd: 6wd", "E831"),
        ("step.check.limit: 3wd", "step.chek.limit: 3wd", "E831"),
        ("step.check.limit: 3wd", "step.check.limit: 3", "E014"),
        ("item.limit.promised: 6wd", "item.limit.promised: 60wd", "E601"),
        ("extends: gd/bench@1", "extends: gd/bench@2", "E821"),
        ("id: gz.bench", "id: demo.bench", "E834"),
        ("extends: gd/bench@1", "extends: std/check@1", "E829"),
        ("set:", "sets:", "E010"),
    ],
)
def test_a_wrong_override_is_reported_at_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = OVERLAY.replace(old, new)
    line = text[: text.index(new)].count("\n") + 1
    report = lint_text(text, "gz.yaml", library=bases(tmp_path))
    assert (line, code) in [(finding.at.line, finding.code) for finding in report.errors]


def test_a_region_has_the_base_otherwise_under_its_own_id(tmp_path: Path) -> None:
    text = OVERLAY.replace("id: gz.bench", "id: demo.bench, region: 470200")
    (item,) = lint_text(text, "gz.yaml", library=bases(tmp_path)).definitions
    assert (item.facts.id, item.facts.region, item.facts.promised.amount) == ("demo.bench", "470200", 6)
    wrong = lint_text(text.replace("470200", "479900"), "gz.yaml", library=bases(tmp_path))
    assert [(one.code, one.at.line) for one in wrong.errors] == [("E014", 3)]


def test_an_item_is_a_base_by_id_and_version_and_earlier_versions_lie_among_the_templates(tmp_path: Path) -> None:
    text = OVERLAY.replace("gd/bench@1", "demo/bench@1").replace("id: gz.bench", "id: demo.bench, region: 470200")
    path = tmp_path / "city.yaml"
    path.write_text(text, "utf-8")
    assert [one.code for one in lint_file(path).errors] == ["E821"]
    (tmp_path / "bench.yaml").write_text(BASE, "utf-8")
    assert lint_file(path).errors == ()
    (tmp_path / "bench.yaml").write_text(BASE.replace("version: 1", "version: 2"), "utf-8")
    assert [one.code for one in lint_file(path).errors] == ["E821"]
    kept = tmp_path / "templates" / "demo" / "bench@1.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text(BASE, "utf-8")
    assert [one.code for one in lint_file(path).errors] == ["E826"]


def test_a_mark_of_nothing_is_an_error_of_the_base() -> None:
    (fault,) = lint_text(BASE.replace("step.check.limit", "step.chek.limit"), "base.yaml").errors
    assert fault.code == "E833"


def test_overlays_may_be_laid_over_overlays(tmp_path: Path) -> None:
    library = bases(tmp_path, gz_bench_4=OVERLAY)
    town = "gov: 1\nextends: gz/bench@4\nitem: {id: town.bench, version: 1}\nset: {step.check.limit: 2wd}\n"
    (item,) = lint_text(town, "town.yaml", library=library).definitions
    assert (str(item.facts.promised), str(item.steps["check"].limit)) == ("6wd", "2wd")


def newer(*changes: tuple[str, str]) -> str:
    text = BASE.replace("  version: 1", "  version: 2")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_an_override_whose_base_did_not_change_is_carried_over_with_its_comments(tmp_path: Path) -> None:
    library = bases(tmp_path, gd_bench_2=newer(("visits: 0", "visits: 1")))
    merged = merge_overlay(OVERLAY, file="gz.yaml", library=library)
    assert merged.text == OVERLAY.replace("gd/bench@1", "gd/bench@2")
    assert merged.conflicts == ()
    assert lint_text(merged.text, "gz.yaml", library=library).errors == ()


def test_what_the_new_base_says_itself_needs_no_override(tmp_path: Path) -> None:
    library = bases(tmp_path, gd_bench_2=newer(("promised: 10wd", "promised: 6wd")))
    merged = merge_overlay(OVERLAY, file="gz.yaml", library=library)
    assert merged.dropped == ("item.limit.promised",)
    assert "item.limit.promised" not in merged.text
    assert "# 市里承诺得更快" in merged.text


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        (("promised: 10wd", "promised: 8wd"), "item.limit.promised", "the base said 10wd, now says 8wd"),
        (("step.check.limit, ", ""), "step.check.limit", "no longer lets it be overridden"),
        (("- check:", "- examine:"), "step.check.limit", "no longer has it"),
    ],
    ids=["both changed", "no longer allowed", "gone"],
)
def test_a_conflict_is_listed_and_marked_above_its_line(
    tmp_path: Path, change: tuple[str, str], path: str, reason: str
) -> None:
    library = bases(tmp_path, gd_bench_2=newer(change))
    merged = merge_overlay(OVERLAY, file="gz.yaml", library=library)
    (conflict,) = [one for one in merged.conflicts if one.path == path]
    assert reason in conflict.reason
    lines = merged.text.split("\n")
    marked = next(number for number, line in enumerate(lines) if line.strip().startswith(f"# conflict: {path}"))
    assert lines[marked + 1].strip().startswith(path)


def test_only_an_overlay_can_be_merged(tmp_path: Path) -> None:
    with pytest.raises(DefinitionInvalid, match="E820"):
        merge_overlay(ITEM, file="item.yaml", library=bases(tmp_path))
