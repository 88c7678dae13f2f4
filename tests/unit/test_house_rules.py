"""The rules of the house hold in every file: sizes, docstrings, names, no cycles, no hidden imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gov_portal", "workflows", "identity")
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


OURS = [path for path in python_files(*PACKAGES) if "migrations" not in path.parts]
EVERYTHING = python_files(*PACKAGES, "tests", "bench")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[FunctionNode]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, FunctionNode):
            yield node


def public_things(holder: ast.Module | ast.ClassDef) -> Iterator[FunctionNode | ast.ClassDef]:
    """Yield what others may use: the public functions and classes, and their public methods."""
    for node in holder.body:
        if isinstance(node, FunctionNode | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_things(node)


def test_there_are_files_to_check() -> None:
    assert len(OURS) > 50


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_file_is_short(path: Path) -> None:
    limit = 600 if "tests" in path.parts else 500
    assert path.read_text().count("\n") <= limit


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_function_is_short(path: Path) -> None:
    too_long = [f.name for f in functions(path) if (f.end_lineno or f.lineno) - f.lineno >= 60]
    assert too_long == []


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_function_has_few_parameters_and_names_them(path: Path) -> None:
    offenders = []
    for function in functions(path):
        positional = [a.arg for a in function.args.posonlyargs + function.args.args if a.arg not in {"self", "cls"}]
        if len(positional) + len(function.args.kwonlyargs) > 5:
            offenders.append(function.name)
    assert offenders == []


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_every_public_thing_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    silent = [] if ast.get_docstring(tree) else ["module"]
    silent += [node.name for node in public_things(tree) if not ast.get_docstring(node)]
    assert silent == []


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_everything_is_annotated(path: Path) -> None:
    bare = []
    for function in functions(path):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        unannotated = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
        if unannotated or function.returns is None:
            bare.append(function.name)
    assert bare == []


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    hidden = [
        function.name
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    circles = []
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            chain = graph.find_shortest_chain(importer=imported, imported=module)
            if chain:
                circles.append(" > ".join(chain))
    assert circles == []
