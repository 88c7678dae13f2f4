"""What was compiled by another state of the language is told by a digest over everything that decides."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import workflows
from workflows import language as told

ROOT = Path(workflows.__file__).parents[1]
IMPORTS = re.compile(r"^(?:from|import) ((?:gov_portal|workflows)[\w.]*)(?: import (.+))?$", re.MULTILINE)


def files_of(module: str) -> Iterator[Path]:
    for path in (ROOT / f"{module.replace('.', '/')}.py", ROOT / module.replace(".", "/") / "__init__.py"):
        if path.is_file():
            yield path


def imported(path: Path, seen: set[Path]) -> set[Path]:
    """Return a file and every one of ours that it imports."""
    if path not in seen:
        seen.add(path)
        for module, names in IMPORTS.findall(path.read_text("utf-8")):
            inner = [f"{module}.{name.strip()}" for name in names.strip("()").split(",") if name.strip()]
            for one in (file for name in (module, *inner) for file in files_of(name)):
                imported(one, seen)
    return seen


def test_every_module_that_compiling_a_source_imports_is_part_of_the_digest() -> None:
    needed = {
        path
        for start in ("workflows/dsl/lint.py", "workflows/definition_bytes.py")
        for path in imported(ROOT / start, set())
        if len(path.read_text("utf-8").splitlines()) > 1
    }
    assert ROOT / "workflows/dsl/source.py" in needed
    assert needed - set(map(Path, told.files_of_language())) <= {ROOT / "workflows/engine/__init__.py"}


def test_one_changed_byte_is_another_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rule = tmp_path / "rule.py"
    rule.write_text("MOST = 1")
    monkeypatch.setattr(told, "_DECIDES", (tmp_path,))
    digest = told.language.__wrapped__
    before = digest()
    assert digest() == before
    rule.write_text("MOST = 2")
    assert digest() != before
