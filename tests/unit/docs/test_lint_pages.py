"""Every code of the linter has a page; its bad example gives that code at the marked line, its good one gives none."""

import re
from pathlib import Path

import pytest

from workflows.dsl.across import Summary, check_across, summarise
from workflows.dsl.directory import default_directory
from workflows.dsl.findings import Finding
from workflows.dsl.lint import lint_text
from workflows.dsl.texts import texts_of

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs" / "reference" / "lint").glob("[EW]*.md"))
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "reference" / "language.md").read_text("utf-8"), re.DOTALL)
BASE = BLOCKS[0]
LABELS = next(block for block in BLOCKS if block.startswith("labels:"))
PHASES = ("receipt", "acceptance", "review", "decision", "issuance", "delivery")
BESIDE = ("W201", "W202", "W401", "W402", "W403")
"""Said about nearly every example, because it is a small part of the same item."""


def keys(text: str, indent: int) -> dict[str, str]:
    """Return the part of a text that belongs to every key of one indentation; the first may stand without key."""
    parts = re.split(rf"^(?= {{{indent}}}[^\s#-])", text, flags=re.MULTILINE)
    return {part.partition(":")[0].strip(): part for part in parts if part.strip()}


def whole(block: str) -> str:
    """Return a whole file: the item of the language page with the keys of an example in place of its own."""
    found = keys(BASE, 0)
    for name, part in keys(block, 0).items():
        head, _, body = part.partition("\n")
        old_head, _, old_body = found.get(name, "").partition("\n")
        is_merged = head == f"{name}:" and old_head == head and not (name == "flow" and "receipt:" in body)
        if is_merged and not body.startswith("- ") and not body.startswith("  - "):
            inner = keys(old_body, 2) | keys(body, 2)
            order = [one for one in PHASES if one in inner] if name == "flow" else list(inner)
            found[name] = f"{head}\n{''.join(inner[one] for one in order)}"
        else:
            found[name] = part
    return "".join(found.values())


def summary(text: str, file: str) -> Summary:
    report = lint_text(text, file)
    assert report.definition is not None, [str(one) for one in report.errors]
    return summarise(report.definition, text, file, directory=default_directory())


def findings_of(code: str, text: str) -> tuple[Finding, ...]:
    if not re.match("E8|W402|W403", code):
        return lint_text(text, "item.yaml").findings
    definition = lint_text(BASE + LABELS, "base.yaml").definition
    assert definition is not None
    beside = () if code == "W402" else (summary(BASE + LABELS, "base.yaml"),)
    return check_across([*beside, summary(text, "item.yaml")], set(texts_of(definition)) if code == "W402" else None)


def said(code: str, block: str) -> list[tuple[str, str]]:
    """Return code and line of everything that is said about an example, but what is said about each."""
    text = whole(block)
    if re.match("E8|W402|W403", code) and "\nlabels:" not in text:
        text += LABELS
    found = findings_of(code, text)
    lines = text.split("\n")
    return sorted({(one.code, lines[one.at.line - 1]) for one in found if one.code == code or one.code not in BESIDE})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_bad_example_gives_the_code_at_its_line_and_the_good_one_nothing(page: Path) -> None:
    bad, good = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    marked = sorted((page.stem, line) for line in bad.split("\n") if "# here" in line)
    assert marked
    assert said(page.stem, bad) == marked
    assert said(page.stem, good) == []


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    folders = (ROOT / "workflows" / "dsl", ROOT / "gov_portal" / "cli")
    sources = [path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py")]
    used = {code for source in sources for code in re.findall(r'"([EW][0-9]{3})"', source)}
    assert {page.stem for page in PAGES} == {code for code in used if not code.startswith(("E82", "E83", "E85"))}


def test_the_list_of_codes_names_every_page_as_it_names_itself() -> None:
    listed = re.findall(
        r"^\| \[(\w+)\]\((\w+)\.md\) \| (.*) \|$", (PAGES[0].parent / "README.md").read_text("utf-8"), re.M
    )
    titles = {page.stem: page.read_text("utf-8").split("\n")[0].removeprefix(f"# {page.stem}: ") for page in PAGES}
    assert {code: title for code, _, title in listed} == titles
