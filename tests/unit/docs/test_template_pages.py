"""Every template of the kit has a page that shows, or links to, a whole item: clean, and trying every step and act."""

import re
from pathlib import Path

import pytest

from gov_portal.kernel.working_days import Calendar
from workflows.dsl.lint import lint_text
from workflows.dsl.reuse.library import Reference, shipped_library
from workflows.dsl.scenarios import coverage, run_scenarios

PAGES = Path(__file__).resolve().parents[3] / "docs" / "reference" / "templates"
LIBRARY = shipped_library()
NEWEST = [Reference(name, LIBRARY.versions(name)[-1]) for name in sorted({one.name for one in LIBRARY.references})]


@pytest.mark.parametrize("template", NEWEST, ids=str)
def test_the_item_of_its_page_is_clean_and_tries_everything(template: Reference) -> None:
    page = (PAGES / f"{template.name.partition('/')[2]}.md").read_text("utf-8")
    items = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    items += [(PAGES / link).read_text("utf-8") for link in re.findall(r"\((\S*/workflows/items/\S+\.yaml)\)", page)]
    (item,) = items
    assert str(template) in item
    report = lint_text(item, "page.yaml")
    assert report.findings == ()
    for definition in report.definitions:
        reports = run_scenarios(definition, Calendar.official())
        assert [problem for one in reports for problem in one.problems] == []
        assert coverage(definition, reports).is_complete
        assert {one.outcome for one in reports} == set(definition.outcomes)


def test_the_list_of_the_kit_names_every_template() -> None:
    listed = (PAGES.parent / "templates.md").read_text("utf-8")
    assert [str(one) for one in NEWEST if f"[{one}]" not in listed] == []
