"""What the documents name exists: files, commands with their options, settings, and items that compile."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from PIL import Image

from gov_portal.cli.main import main
from gov_portal.cli.settings import table
from tests.factories.gov_commands import check, subcommands
from workflows.dsl.lint import lint_text

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
COMMANDS = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"\b(?:GOV_[A-Z_]+|DATABASE_(?:OWNER_)?URL|BROKER_URL)\b")


def fences(page: Path, *languages: str) -> Iterator[str]:
    for found in FENCE.finditer(page.read_text("utf-8")):
        if found[2] in languages:
            yield textwrap.dedent(found[3])


def quoted_commands() -> Iterator[tuple[str, str]]:
    """Every gov command that stands in a fenced block or between backquotes, without its place."""
    for page in PAGES:
        text = page.read_text("utf-8")
        spans = CODE.findall(FENCE.sub("", text))
        lines = [line for block in fences(page, "sh", "") for line in block.splitlines()]
        for quoted in [*spans, *lines]:
            command = quoted.strip().removeprefix("$ ").removeprefix(".venv/bin/")
            if command.startswith("gov "):
                yield page.relative_to(ROOT).as_posix(), command.partition("  ")[0].partition(" #")[0].rstrip()


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        for name, sub in subcommands(command).items():
            yield from leaves(sub, (*path, name))
    else:
        yield path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_resolves(page: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8"))]
    missing = [link for link in links if link and "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize(("page", "command"), sorted(set(quoted_commands())))
def test_a_quoted_command_exists_with_its_options(page: str, command: str) -> None:
    check(command)


@pytest.mark.parametrize(
    "wrong",
    ["gov clok show", "gov clock go", "gov dev --prot 1", "gov sandbox fault polic", "gov exchange switch police of"],
)
def test_a_wrong_command_would_be_found(wrong: str) -> None:
    with pytest.raises(AssertionError):
        check(wrong)


@pytest.mark.parametrize("path", [*leaves(main)], ids=" ".join)
def test_every_command_stands_on_the_page_of_commands(path: tuple[str, ...]) -> None:
    assert re.search(rf"`gov {' '.join(path)}\b", COMMANDS)


def test_every_target_stands_on_the_page_of_commands() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert len(targets) > 8
    assert [target for target in targets if f"`make {target}" not in COMMANDS] == []


def test_every_variable_that_the_code_reads_stands_on_the_page_of_settings() -> None:
    sources = [*(ROOT / "gov_portal").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    read = {name for path in sources for name in VARIABLE.findall(path.read_text("utf-8"))}
    assert set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS, re.MULTILINE)) == read


def test_the_page_of_settings_is_what_the_settings_say_of_themselves() -> None:
    assert f"\n\n{table()}\n\n" in SETTINGS


@pytest.mark.parametrize("page", [one for one in PAGES if one.parent.name != "lint"], ids=lambda page: page.stem)
def test_a_whole_item_on_a_page_lints(page: Path) -> None:
    for block in fences(page, "yaml"):
        if block.startswith("gov: 1"):
            report = lint_text(block, page.name)
            assert [str(finding) for finding in report.errors] == []


def test_the_buttons_of_the_tutorial_stand_on_the_pages() -> None:
    sources = [*(ROOT / "workflows" / "items").glob("*.yaml")]
    sources += [path for path in (ROOT / "gov_portal" / "web").rglob("*") if path.suffix in {".html", ".py", ".toml"}]
    shown = "".join(path.read_text("utf-8") for path in sources)
    bold = re.findall(r"\*\*([^*]+)\*\*", (ROOT / "docs" / "tutorial" / "first-card.md").read_text("utf-8"))
    assert len(bold) > 15
    # The number differs each time, and one button names the act that it leads to.
    said = {"its number": "办件编号", "保存并补正…": "保存并{act}…"}
    pressed = [said.get(words, words) for words in bold]
    assert [words for words in pressed if words not in shown and words.removeprefix("完成") not in shown] == []


def test_the_tour_is_one_picture_that_loads_quickly() -> None:
    path = ROOT / "docs" / "images" / "tour.png"
    assert path.stat().st_size < 300_000
    with Image.open(path) as picture:
        assert picture.width >= 1200
