"""The formatter keeps content and comments, changes nothing twice, and touches nothing that is not sound."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.effort import tried
from workflows.dsl.findings import Findings
from workflows.dsl.layout import format_text
from workflows.dsl.lint import item_paths
from workflows.dsl.source import load

ITEMS = item_paths(Path(__file__).resolve().parents[4] / "workflows" / "items")


def content(text: str) -> object:
    findings = Findings()
    record = load(text, file="item.yaml", findings=findings)
    assert record is not None
    assert findings.sorted() == ()
    return record.meaning


def comments(text: str) -> list[str]:
    """Return the comments of a text whose values hold no `#`."""
    return [found.strip() for line in text.split("\n") for found in re.findall(r"(?:^|\s)(#.*)$", line)]


def shaken(text: str, draws: list[int]) -> str:
    """Return a text with other spaces and comments at places where they mean nothing."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        draw = draws[number % len(draws)]
        if draw % 5 == 1 and line.strip() and "#" not in line:
            line = f"{line} # note {number}"
        if draw % 7 == 2:
            lines.append(f"{' ' * (draw % 9)}# above {number}")
        if draw % 7 == 3:
            lines += ["", ""]
        if draw % 3 == 1 and '"' not in line and "#" not in line:
            line = re.sub(r"(?<=\w): (?=[{\[])", ":   ", line).replace(", ", ",  ").replace("{", "{ ")
        lines.append(line)
    return "\n".join(lines)


@tried(12)
@given(st.sampled_from(ITEMS), st.lists(st.integers(0, 1000), min_size=7, max_size=60))
def test_content_and_comments_stay_and_a_second_time_changes_nothing(path: Path, draws: list[int]) -> None:
    text = shaken(path.read_text(encoding="utf-8").partition("\nlabels:")[0], draws)
    formatted = format_text(text, "item.yaml").text
    assert content(formatted) == content(text)
    assert comments(formatted) == comments(text)
    assert format_text(formatted, "item.yaml").text == formatted
    assert formatted.endswith("\n")
    assert "\n\n\n" not in formatted
    assert not re.search(r"[ \t]+$", formatted, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        ("a:   1\n\n\n\nb: {x:   1,z: 2 }\n", "a: 1\n\nb: {x: 1, z: 2}\n"),
        ("a:\n    b: 1\n    c:\n        - x\n        - z: 2\n", "a:\n  b: 1\n  c:\n  - x\n  - z: 2\n"),
        ("a: [x,\n  z]  # why\n", "a: [x,\n    z]  # why\n"),
        ("a: [\nx,\nz\n]\n", "a: [\n  x,\n  z\n]\n"),
        ("a:\n  long:  {x: 1}\n  b: {x: 1}\n", "a:\n  long: {x: 1}\n  b:    {x: 1}\n"),
        ("a:\n  long: {x: 1}\n  b: {x: 1}\n", "a:\n  long: {x: 1}\n  b: {x: 1}\n"),
        ("a:\n- long:  {x: 1}\n- b: {x: 1}\n", "a:\n- long: {x: 1}\n- b:    {x: 1}\n"),
        ("a: >-\n     one\n     two\nb: 1 # x\n", "a: >-\n  one\n  two\nb: 1  # x\n"),
        ("a:\n    # above\n    b: 1\n# below\n", "a:\n  # above\n  b: 1\n# below\n"),
        ("a: 1\r\nb: 2", "a: 1\nb: 2\n"),
        ("-   a: 1\n    b: 2\n", "-   a: 1\n    b: 2\n"),
    ],
)
def test_a_file_is_laid_out_by_rule(text: str, formatted: str) -> None:
    assert format_text(text, "item.yaml").text == formatted


@pytest.mark.parametrize("text", ["a: [1\n", "a: 1\na: 2\n", "a: &x 1\n", "a:\tb\n", "a: yes\n", ""])
def test_a_file_with_faults_is_not_touched(text: str) -> None:
    untouched = format_text(text, "item.yaml")
    assert untouched.text == text
    assert untouched.findings
