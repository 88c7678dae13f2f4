"""The page of the reports lists every item of every data set as it is spelt."""

import re
from pathlib import Path

from workflows.reporting.standard import SETS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "reports.md"
ROW = re.compile(r"^\| ([^|]+) \| `([^`]+)` \| ([^|]+) \| (.+) \|$", re.MULTILINE)


def test_the_page_lists_what_is_reported_and_says_what_it_means() -> None:
    parts = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    listed = {part.partition("\n")[0]: [found[:3] for found in ROW.findall(part)] for part in parts}
    assert listed == {name: [(one.name, one.form, one.source) for one in items] for name, (_, items) in SETS.items()}


def test_the_names_of_the_standard_stand_in_one_module_only() -> None:
    root = PAGE.parents[2]
    own = [f'"{one.name}"' for _, items in SETS.values() for one in items if len(one.name) > 5]
    sources = [path for folder in ("workflows", "identity", "gov_portal") for path in (root / folder).rglob("*.py")]
    speaking = {path.name for path in sources if any(name in path.read_text("utf-8") for name in own)}
    assert speaking == {"standard.py"}
