"""One family file yields many items, each with an id and words of its own."""

from pathlib import Path

import pytest

from tests.factories.reuse import ITEM, USE, a_library
from workflows.dsl.lint import compile_file, lint_text

MEMBERS = """family:
  parameters: {name: text, promised: {type: duration, default: 10wd}, papers: maybe entries}
  members:
    demo.bench: {name: 长椅认养}
    demo.tree: {name: 树木认养, promised: 8wd, papers: {photo: {name: 树木照片, from: upload}}}
"""
BODY = (
    ITEM.replace("gov: 1\n", f"gov: 1\n{MEMBERS}")
    .replace("id: demo.bench\n", "id: $id\n")
    .replace("公园长椅认养", "$name")
    .replace("promised: 10wd}", "promised: $promised}", 2)
    .replace("default: $promised}", "default: 10wd}")
)
FAMILY = BODY + "materials: $papers\n" + USE


def test_a_family_yields_its_members_with_their_own_words(tmp_path: Path) -> None:
    report = lint_text(FAMILY, "family.yaml", library=a_library(tmp_path))
    assert report.errors == ()
    bench, tree = report.definitions
    assert [(one.facts.id, one.facts.name, str(one.facts.promised)) for one in (bench, tree)] == [
        ("demo.bench", "长椅认养", "10wd"),
        ("demo.tree", "树木认养", "8wd"),
    ]
    assert [len(one.materials) for one in (bench, tree)] == [0, 1]
    assert bench.hash != tree.hash


def test_every_member_is_published_with_a_source_of_its_own(tmp_path: Path) -> None:
    a_library(tmp_path / "templates")
    path = tmp_path / "family.yaml"
    path.write_text(FAMILY, encoding="utf-8")
    for whole in compile_file(path):
        alone = lint_text(whole.source, "alone.yaml").definition
        assert alone is not None
        assert alone.hash == whole.definition.hash


@pytest.mark.parametrize(
    ("old", "new", "part", "code"),
    [
        ("promised: 8wd,", "promised: 8,", "demo.tree:", "E825"),
        ("name: 树木认养, ", "", "demo.tree:", "E823"),
        ("promised: 8wd,", "promise: 8wd,", "demo.tree:", "E824"),
        ("promised: 8wd,", "promised: 30wd,", "demo.tree:", "E601"),
        ("  id: $id\n", "  id: demo.bench\n", "  id: demo.bench", "E834"),
        ("demo.tree: {name: 树木认养", "demo.bench: {name: 树木认养", "demo.bench: {name: 树木认养", "E005"),
        ("from: upload}", "from: civil.tree}", "demo.tree:", "E118"),
    ],
    ids=["no duration", "missing", "unknown", "over the statutory limit", "one id for all", "the same id", "resource"],
)
def test_a_fault_of_a_member_is_reported_at_its_line(tmp_path: Path, old: str, new: str, part: str, code: str) -> None:
    text = FAMILY.replace(old, new)
    report = lint_text(text, "family.yaml", library=a_library(tmp_path))
    line = text[: text.index(part)].count("\n") + 1
    assert (line, code) in [(finding.at.line, finding.code) for finding in report.errors]
    assert report.definitions == ()
