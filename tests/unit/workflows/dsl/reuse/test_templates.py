"""A template stands for its text: an item that uses it is the item written out, and faults are told where they lie."""

from pathlib import Path

import pytest

from tests.factories.reuse import ITEM, TEMPLATE, USE, WRITTEN_OUT, a_library
from workflows.dsl.lint import expand_text, lint_text
from workflows.dsl.reuse.substitute import MOST_NODES


def found(text: str, folder: Path, **texts: str) -> list[tuple[int, str]]:
    report = lint_text(text, "item.yaml", library=a_library(folder, **texts))
    assert all(finding.at.file == "item.yaml" for finding in report.findings)
    return [(finding.at.line, finding.code) for finding in report.errors]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_an_item_on_a_template_is_the_item_written_out(tmp_path: Path) -> None:
    used = lint_text(ITEM + USE, "a.yaml", library=a_library(tmp_path)).definition
    written = lint_text(ITEM + WRITTEN_OUT, "b.yaml").definition
    assert used is not None
    assert written is not None
    assert used.hash == written.hash


def test_the_expanded_source_needs_no_template_and_has_the_same_hash(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    (source,) = expand_text(ITEM + USE, "a.yaml", library=library)
    alone = lint_text(source, "b.yaml").definition
    used = lint_text(ITEM + USE, "a.yaml", library=library).definition
    assert alone is not None
    assert used is not None
    assert alone.hash == used.hash


def test_a_source_without_templates_is_kept_as_it_is() -> None:
    assert expand_text(ITEM + WRITTEN_OUT, "a.yaml") == (ITEM + WRITTEN_OUT,)


@pytest.mark.parametrize(
    ("old", "new", "part", "code"),
    [
        ("std/check@1", "check", "use: check", "E820"),
        ("std/check@1", "std/chek@1", "use: std/chek", "E821"),
        ("std/check@1", "std/check@3", "use: std/check@3", "E821"),
        ("    show: [applicant.name, bench.place]\n", "    limit: 3wd\n", "use: std/check", "E823"),
        ("    show:", "    shows: [bench.place]\n    show:", "shows:", "E824"),
        ("    show:", "    limit: 5\n    show:", "limit: 5\n    show:", "E825"),
        ("applicant.name, bench.place]", "applicant.name, bench]", "bench]\n", "E825"),
        ("[applicant.name, bench.place]\n", "[applicant.name, bench.plce]\n", "bench.plce", "E111"),
        ("  with:", "  whith:", "whith:", "E010"),
        ("show: [applicant.name, bench.place]", "show: {a: b}", "show: {a", "E825"),
    ],
    ids=[
        "no version", "unknown template", "unknown version", "missing", "unknown parameter", "no duration", "no field",
        "field of no item", "misspelt word", "wrong shape",
    ],
)  # fmt: skip
def test_a_misuse_is_reported_at_its_line(tmp_path: Path, old: str, new: str, part: str, code: str) -> None:
    text = (ITEM + USE).replace(old, new)
    assert (line_of(text, part), code) in found(text, tmp_path)


def test_a_fault_of_the_template_is_reported_at_its_use_and_names_the_line_of_the_template(tmp_path: Path) -> None:
    broken = TEMPLATE.replace("limit: $limit", "limit: 5")
    library = a_library(tmp_path, std_check_1=broken)
    (fault,) = lint_text(ITEM + USE, "item.yaml", library=library).errors
    assert (fault.at.line, fault.code) == (line_of(ITEM + USE, "use: std/check"), "E014")
    assert f"(std/check@1, line {line_of(broken, 'limit: 5,')})" in fault.message


def test_a_place_without_a_parameter_is_a_fault_of_the_template(tmp_path: Path) -> None:
    assert [code for _, code in found(ITEM + USE, tmp_path, std_check_1=TEMPLATE.replace("$limit", "$limt"))] == [
        "E827"
    ]


def test_an_older_version_is_an_error_unless_the_item_says_why_it_stays(tmp_path: Path) -> None:
    newer = {"std_check_2": TEMPLATE.replace("@1", "@2")}
    text = ITEM + USE
    assert found(text, tmp_path, **newer) == [(line_of(text, "use: std/check"), "E826")]
    assert found(text.replace("  with:", "  stay: 等待上级通知\n  with:"), tmp_path, **newer) == []


def test_what_was_left_out_falls_away_and_what_was_given_stays(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    assert "doc:" not in expand_text(ITEM + USE, "a.yaml", library=library)[0].partition("flow:")[2]
    (noted,) = expand_text(ITEM + USE + "    note: 受理通知书\n", "a.yaml", library=library)
    assert "doc: 受理通知书" in noted


def test_templates_that_use_each_other_in_a_circle_are_an_error(tmp_path: Path) -> None:
    head = "gov: 1\ntemplate: std/{}@1\nname: 圈\nflow: {{use: std/{}@1}}\n"
    texts = {"std_one_1": head.format("one", "two"), "std_two_1": head.format("two", "one")}
    text = ITEM + "flow: {use: std/one@1}\n"
    (fault,) = lint_text(text, "item.yaml", library=a_library(tmp_path, **texts)).errors
    assert (fault.at.line, fault.code) == (line_of(text, "flow:"), "E822")
    assert "std/one@1 → std/two@1 → std/one@1" in fault.message


STEPS = """gov: 1
template: std/pause@1
name: 等一等
parameters: {days: duration, ground: text, known: bool}
steps:
- $step: {wait: $days, pause: $ground}
- ${step}_told: {only_with: $known, wait: 1wd}
labels: {step.$step: $ground期间}
""".replace("${step}_told", "told")


def test_a_template_of_steps_takes_the_name_of_the_step_that_uses_it(tmp_path: Path) -> None:
    use = "  - {}: {{use: std/pause@1, with: {{days: 3wd, ground: {}, known: {}}}}}\n"
    flow = WRITTEN_OUT.replace(
        "  decision:\n",
        "  review:\n" + use.format("inspect", "检验", "true") + use.format("hear", "听证", "false") + "  decision:\n",
    )
    report = lint_text(ITEM + flow, "item.yaml", library=a_library(tmp_path, std_pause_1=STEPS))
    assert report.definition is not None, report.errors
    assert list(report.definition.steps) == ["apply", "inspect", "told", "hear", "check", "done"]
    assert report.definition.label("step.hear") == "听证期间"


@pytest.mark.parametrize(
    ("flow", "code"),
    [
        ("flow: {use: std/pause@1, with: {days: 3wd, ground: 听证, known: true}}\n", "E829"),
        (WRITTEN_OUT.replace("  delivery:", "  - more: {use: std/check@1}\n  delivery:"), "E829"),
    ],
    ids=["steps for a flow", "flow for a step"],
)
def test_a_template_stands_only_where_it_fits(tmp_path: Path, flow: str, code: str) -> None:
    assert code in [found_code for _, found_code in found(ITEM + flow, tmp_path, std_pause_1=STEPS)]


def test_a_template_that_grows_without_measure_is_stopped_after_a_bounded_number_of_nodes(tmp_path: Path) -> None:
    head = "gov: 1\ntemplate: std/g{}@1\nname: 长\nsteps:\n"
    double = "- a{0}: {{use: std/g{1}@1}}\n- b{0}: {{use: std/g{1}@1}}\n"
    texts = {f"std_g{n}_1": head.format(n) + double.format(n, n + 1) for n in range(30)}
    texts["std_g30_1"] = head.format(30) + "- $step: {wait: 1wd}\n"
    flow = WRITTEN_OUT.replace("  delivery:", "  - more: {use: std/g0@1}\n  delivery:")
    library = a_library(tmp_path, **texts)
    assert "E828" in {finding.code for finding in lint_text(ITEM + flow, "item.yaml", library=library).errors}
    assert MOST_NODES <= 20_000
