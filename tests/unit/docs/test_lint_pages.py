"""Every code of the linter has a page; its bad example gives that code at the marked line, its good one gives none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.lint_pages import BASE, LABELS, PAGES, ROOT, whole, write_beside
from workflows.dsl.across import Summary, check_across, summarise
from workflows.dsl.directory import default_directory
from workflows.dsl.findings import Finding
from workflows.dsl.lint import lint_as, lint_text
from workflows.dsl.staffing import check_staffed
from workflows.dsl.texts import texts_of

BESIDE = ("W201", "W202", "W401", "W402", "W403")
"""Said about nearly every example, because it is a small part of the same item."""

ACROSS = re.compile("E80|W40[234]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("pages")
    write_beside(path)
    yield path


def summary(text: str, file: str) -> Summary:
    report = lint_text(text, file)
    assert report.definition is not None, [str(one) for one in report.errors]
    return summarise(report.definition, text, file, directory=default_directory())


def findings_of(code: str, text: str, folder: Path) -> tuple[Finding, ...]:
    if not ACROSS.match(code):
        return lint_as(folder / "item.yaml", text).findings
    definition = lint_text(BASE + LABELS, "base.yaml").definition
    own = lint_text(text, "item.yaml").definition
    assert definition is not None and own is not None
    if code == "W404":
        return check_staffed(own, lambda role, place: role.name == "checker", ["470101"])
    beside = () if code == "W402" else (summary(BASE + LABELS, "base.yaml"),)
    return check_across([*beside, summary(text, "item.yaml")], set(texts_of(definition)) if code == "W402" else None)


def said(code: str, block: str, folder: Path) -> list[tuple[str, str]]:
    """Return code and line of everything that is said about an example, but what is said about each."""
    text = whole(code, block)
    if ACROSS.match(code) and "\nlabels:" not in text:
        text += LABELS
    found = findings_of(code, text, folder)
    lines = text.split("\n")
    return sorted({(one.code, lines[one.at.line - 1]) for one in found if one.code == code or one.code not in BESIDE})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_bad_example_gives_the_code_at_its_line_and_the_good_one_nothing(page: Path, folder: Path) -> None:
    bad, good = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    marked = sorted((page.stem, line) for line in bad.split("\n") if "# here" in line)
    assert marked
    assert said(page.stem, bad, folder) == marked
    assert said(page.stem, good, folder) == []


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    folders = (ROOT / "workflows" / "dsl", ROOT / "gov_portal" / "cli")
    sources = [path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py")]
    used = {code for source in sources for code in re.findall(r'"([EW][0-9]{3})"', source)}
    assert {page.stem for page in PAGES} == used


def test_the_list_of_codes_names_every_page_as_it_names_itself() -> None:
    listed = re.findall(
        r"^\| \[(\w+)\]\((\w+)\.md\) \| (.*) \|$", (PAGES[0].parent / "README.md").read_text("utf-8"), re.M
    )
    titles = {page.stem: page.read_text("utf-8").split("\n")[0].removeprefix(f"# {page.stem}: ") for page in PAGES}
    assert {code: title for code, _, title in listed} == titles
