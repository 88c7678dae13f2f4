"""The rules of the house hold in every file: sizes, docstrings, names, no cycles, no hidden imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.xdist_group("house")
"""Every file is read once."""

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gov_portal", "workflows", "identity")
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


OURS = [path for path in python_files(*PACKAGES) if "migrations" not in path.parts]
EVERYTHING = python_files(*PACKAGES, "tests", "bench")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def functions(path: Path) -> list[FunctionNode]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, FunctionNode)]


def all_functions(paths: list[Path]) -> Iterator[tuple[Path, FunctionNode]]:
    for path in paths:
        for function in functions(path):
            yield path, function


@pytest.fixture(scope="module", autouse=True)
def trees() -> Iterator[None]:
    """Let go of what was read, so that no later test carries a thousand trees with it."""
    yield
    tree_of.cache_clear()
    functions.cache_clear()


def place(path: Path, node: FunctionNode | ast.ClassDef) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def public_things(holder: ast.Module | ast.ClassDef) -> Iterator[FunctionNode | ast.ClassDef]:
    """Yield what others may use: the public functions and classes, and their public methods."""
    for node in holder.body:
        if isinstance(node, FunctionNode | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_things(node)


def test_there_are_files_to_check() -> None:
    assert len(OURS) > 50
    assert len(EVERYTHING) > len(OURS)


def test_tests_of_one_group_stay_together(request: pytest.FixtureRequest) -> None:
    # Else every worker starts an instance of its own, and only the clock would tell.
    assert not request.config.getoption("loadgroup", default=False) or request.node.nodeid.endswith("@house")


def test_the_name_of_a_test_is_short(request: pytest.FixtureRequest) -> None:
    # Every worker tells the names of all tests; a sample of megabytes without an id of its own would be told with them.
    assert [item.nodeid[:200] for item in request.session.items if len(item.nodeid) > 1_000] == []


def test_every_file_is_short() -> None:
    lengths = {path.relative_to(ROOT): path.read_text().count("\n") for path in EVERYTHING}
    assert [
        f"{path}: {lines}" for path, lines in lengths.items() if lines > (600 if "tests" in path.parts else 500)
    ] == []


def test_every_function_is_short() -> None:
    lengths = [(path, one, (one.end_lineno or one.lineno) - one.lineno) for path, one in all_functions(EVERYTHING)]
    assert [f"{place(path, one)}: {lines}" for path, one, lines in lengths if lines >= 60] == []


def test_a_function_has_few_parameters_and_names_them() -> None:
    offenders = []
    for path, function in all_functions(OURS):
        positional = [a.arg for a in function.args.posonlyargs + function.args.args if a.arg not in {"self", "cls"}]
        if len(positional) + len(function.args.kwonlyargs) > 5:
            offenders.append(place(path, function))
    assert offenders == []


def test_every_module_and_every_public_thing_say_what_they_are() -> None:
    silent = [str(path.relative_to(ROOT)) for path in OURS if not ast.get_docstring(tree_of(path))]
    things = [(path, node) for path in OURS for node in public_things(tree_of(path))]
    assert silent + [place(path, node) for path, node in things if not ast.get_docstring(node)] == []


def test_everything_is_annotated() -> None:
    bare = []
    for path, function in all_functions(OURS):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        unannotated = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
        if unannotated or function.returns is None:
            bare.append(place(path, function))
    assert bare == []


def test_imports_stand_at_the_top() -> None:
    hidden = [
        place(path, function)
        for path, function in all_functions(OURS)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_a_module_is_named_for_what_it_holds() -> None:
    assert [path for path in EVERYTHING if path.stem in FORBIDDEN_NAMES] == []


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    circles = []
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            chain = graph.find_shortest_chain(importer=imported, imported=module)
            if chain:
                circles.append(" > ".join(chain))
    assert circles == []
