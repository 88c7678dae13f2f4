"""Build a small bundle (一件事) of three made-up items, and let single words of its file be changed."""

from functools import lru_cache
from pathlib import Path

from workflows.domain.definition import Definition
from workflows.dsl.bundles.shelf import Shelf
from workflows.dsl.findings import LintReport
from workflows.dsl.lint import lint_text

FOLDER = Path(__file__).parent / "bundle"
WHOLE = (FOLDER / "whole.yaml").read_text(encoding="utf-8")
FILES = tuple(FOLDER / f"{name}.yaml" for name in ("first", "second", "third", "whole"))


def lint_bundle(text: str = WHOLE, *further: tuple[str, str]) -> LintReport:
    """Lint the bundle's file; ``further`` sources, text and file, stand on the shelf before those of the folder."""
    return lint_text(text, "whole.yaml", shelf=Shelf(further, (FOLDER,)))


@lru_cache(maxsize=1)
def bundle_item() -> Definition:
    """Return the bundle."""
    report = lint_bundle()
    assert report.definition is not None, "\n".join(map(str, report.errors))
    return report.definition


def part_source(name: str) -> str:
    """Return the source of one of its items."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
