"""The linter never crashes: any text gives findings or a definition."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.effort import tried
from workflows.dsl.lint import lint_text

ITEM = Path(__file__).resolve().parents[4] / "workflows" / "items" / "admin-review.yaml"
LINES = ITEM.read_text(encoding="utf-8").split("\n")
BODY = LINES[: LINES.index("labels:")]
FRAGMENTS = [
    "", " ", "  ", "\t", "-", "- ", ":", ": ", "{", "}", "[", "]", ",", "'", '"', "&a", "*a", "!!str", "#", "|", ">",
    "null", "true", "yes", "0", "-1", "99999999999999999999", "1e9", "wd", "5wd", "maybe", "any", "applicant",
    "applicant.name", "has(", "default(", ")", "and", "or", "not", "in", "==", "<", "+", "all", "if", "then", "end",
    "back", "by", "call", "wait", "send", "issue", "decide", "pay", "…", "，", "а", "\u200b", "\x00", "\ud800", "？",
    "? x", "<<: *a", "---", "%YAML 1.1",
]  # fmt: skip
COMMON = tried(40)


def holds(text: str) -> None:
    """Every text has a definition or an error, never both, and every finding lies inside the text."""
    report = lint_text(text, "item.yaml")
    assert (report.definition is None) == bool(report.errors)
    lines = text.split("\n")
    for finding in report.findings:
        assert 1 <= finding.at.line <= len(lines) + 1
        assert finding.at.column >= 1
        assert finding.message
        assert finding.remedy


@COMMON
@given(st.integers(0, len(BODY) - 1), st.floats(0, 1), st.sampled_from(FRAGMENTS), st.integers(0, 12))
def test_an_edited_line_gives_findings_or_a_definition(number: int, share: float, fragment: str, cut: int) -> None:
    line = BODY[number]
    at = int(share * len(line))
    lines = [*BODY[:number], line[:at] + fragment + line[at + cut :], *BODY[number + 1 :]]
    holds("\n".join(lines))


@COMMON
@given(st.lists(st.integers(0, len(BODY) - 1), min_size=1, max_size=6), st.booleans())
def test_moved_and_missing_lines_give_findings_or_a_definition(numbers: list[int], keep: bool) -> None:
    rest = [line for number, line in enumerate(BODY) if number not in numbers]
    moved = [BODY[number] for number in numbers] if keep else []
    middle = numbers[0] % (len(rest) + 1)
    holds("\n".join([*rest[:middle], *moved, *rest[middle:]]))


@COMMON
@given(st.lists(st.sampled_from(FRAGMENTS + ["\n", "\n  ", "flow:", "data:", "receipt:"]), max_size=30))
def test_any_text_gives_findings_or_a_definition(parts: list[str]) -> None:
    holds("".join(parts))


@COMMON
@given(st.text(max_size=60))
def test_any_expression_gives_findings_or_a_definition(source: str) -> None:
    quoted = "'" + source.replace("'", "''").replace("\n", " ").replace("\r", " ") + "'"
    text = "\n".join(BODY).replace("prefill:\n", f"let: {{odd: {quoted}}}\nprefill:\n")
    holds(text)


def test_deep_nesting_is_a_finding() -> None:
    assert lint_text("gov: " + "[" * 500, "item.yaml").errors
    assert lint_text("gov: 1\nlet: {x: '" + "(" * 300 + "'}", "item.yaml").errors
    assert lint_text("gov: 1\nlet: {x: '" + "not " * 140 + "true'}", "item.yaml").errors
