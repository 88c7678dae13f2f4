"""The page of bundles tells the truth: its example compiles and runs, and the linter finds every row of its codes."""

import re
from pathlib import Path

import pytest

from gov_portal.kernel.working_days import Calendar
from workflows.dsl.lint import lint_text
from workflows.dsl.scenarios import run_scenarios

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "bundles.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
ROWS = re.findall(r"^\| (E85\d) \| .* \| `(.*)` \| `(.*)` \|$", PAGE, re.MULTILINE)


def test_the_example_compiles_and_its_scenarios_run() -> None:
    report = lint_text(EXAMPLE, "page.yaml")
    assert report.definition is not None, report.errors
    assert [one.problems for one in run_scenarios(report.definition, Calendar.official())] == [(), ()]


@pytest.mark.parametrize(("code", "old", "new"), ROWS)
def test_a_row_of_the_codes_is_reported_at_its_line(code: str, old: str, new: str) -> None:
    assert EXAMPLE.count(old) == 1
    found = [one for one in lint_text(EXAMPLE.replace(old, new), "page.yaml").errors if one.code == code]
    assert found
    place = {"E853": "register:", "E859": "link:"}.get(code, new)
    line = next(number for number, text in enumerate(EXAMPLE.replace(old, new).split("\n"), start=1) if place in text)
    assert line in {one.at.line for one in found}


def test_every_code_of_bundles_stands_on_the_page() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "workflows" / "dsl" / "bundles").glob("*.py")]
    used = {code for source in sources for code in re.findall(r'"(E85[0-9])"', source)}
    assert used == set(re.findall(r"^\| (E85\d) ", PAGE, re.MULTILINE))
