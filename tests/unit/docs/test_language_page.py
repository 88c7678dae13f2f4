"""Every YAML block of the language page compiles, and its scenarios run."""

import re
from pathlib import Path

import pytest

from gov_portal.kernel.working_days import Calendar
from workflows.dsl.lint import lint_text
from workflows.dsl.scenarios import run_scenarios
from workflows.dsl.words import PLACES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SECTION = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)


def sections(text: str) -> dict[str, str]:
    """Return the text of every top-level key."""
    return {part.partition(":")[0]: part for part in SECTION.split(text) if part.strip()}


def with_base(block: str) -> str:
    """Return a whole file: the first block of the page with the keys of another one in place of its own."""
    return "".join((sections(BLOCKS[0]) | sections(block)).values())


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_compiles_and_its_scenarios_run(number: int) -> None:
    report = lint_text(with_base(BLOCKS[number]), f"block-{number}.yaml")
    assert [str(finding) for finding in report.errors] == []
    assert report.definition is not None
    for scenario in run_scenarios(report.definition, Calendar.official()):
        assert scenario.problems == ()


def test_every_word_of_the_language_stands_on_the_page() -> None:
    words = {word for place in PLACES for word in place.keys}
    missing = [word for word in sorted(words) if not re.search(rf"\b{word}\b", PAGE)]
    assert missing == []
