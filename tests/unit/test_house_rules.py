"""The rules of the house that no linter knows hold in every file: sizes, names, no cycles; ruff looks at the others."""

import ast
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.xdist_group("house")
"""Every file is read once."""

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gov_portal", "workflows", "identity")
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
TOO_LONG = 60
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
EVERYTHING = sorted(path for folder in (*PACKAGES, "tests", "bench") for path in (ROOT / folder).rglob("*.py"))


@pytest.fixture(scope="module")
def texts() -> dict[Path, str]:
    return {path: path.read_text() for path in EVERYTHING}


def functions(statements: Iterable[ast.AST]) -> Iterator[FunctionNode]:
    """Yield the functions among statements and in their bodies; expressions hold none."""
    for node in statements:
        if isinstance(node, FunctionNode):
            yield node
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            for block in ("body", "orelse", "finalbody", "handlers", "cases"):
                yield from functions(getattr(node, block, ()))


def test_there_are_files_to_check() -> None:
    assert len(EVERYTHING) > 1_000


def test_tests_of_one_group_stay_together(request: pytest.FixtureRequest) -> None:
    # Else every worker starts an instance of its own, and only the clock would tell.
    assert not request.config.getoption("loadgroup", default=False) or request.node.nodeid.endswith("@house")


def test_the_name_of_a_test_is_short(request: pytest.FixtureRequest) -> None:
    # Every worker tells the names of all tests; a sample of megabytes without an id of its own would be told with them.
    assert [item.nodeid[:200] for item in request.session.items if len(item.nodeid) > 1_000] == []


def test_every_file_is_short(texts: dict[Path, str]) -> None:
    lengths = {path.relative_to(ROOT): text.count("\n") for path, text in texts.items()}
    assert [
        f"{path}: {lines}" for path, lines in lengths.items() if lines > (600 if "tests" in path.parts else 500)
    ] == []


def test_every_function_is_short(texts: dict[Path, str]) -> None:
    assert [
        f"{path.relative_to(ROOT)}:{one.lineno} {one.name}: {lines}"
        for path, text in texts.items()
        if text.count("\n") >= TOO_LONG
        for one in functions(ast.parse(text).body)
        if (lines := (one.end_lineno or one.lineno) - one.lineno) >= TOO_LONG
    ] == []


def test_a_module_is_named_for_what_it_holds() -> None:
    assert [path for path in EVERYTHING if path.stem in FORBIDDEN_NAMES] == []


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    # Raises an error that tells the circle.
    TopologicalSorter({one: graph.find_modules_directly_imported_by(one) for one in graph.modules}).prepare()
