"""The engine runs compiled where it was compiled of the source that lies here, and comes to the same as the source."""

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from workflows import native

ROOT = Path(__file__).resolve().parents[3]
RUN = "import runpy; runpy.run_module('tests.factories.both_forms', run_name='__main__')"
SOURCE_ALONE = (
    "import sys; from workflows import native; "
    "sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, native.Native)]; "
)


def said_by(program: str) -> list[str]:
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    return done.stdout.decode().split()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("workflows/engine/run.py", "workflows/engine/refusals.py", "workflows/domain/state.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"NAME = {name!r}\n")
    return tmp_path


def test_both_forms_come_to_the_same_in_every_scenario_of_every_item() -> None:
    if not native.is_used():
        pytest.skip("nothing is compiled: make native")
    form, count, digest = said_by(RUN)
    assert form == "compiled"
    assert int(count) > 1_000
    assert said_by(SOURCE_ALONE + RUN) == ["source", count, digest]


@pytest.mark.parametrize("changed", ["workflows/engine/run.py", "workflows/domain/state.py"])
def test_what_was_compiled_of_another_source_is_not_found(tree: Path, changed: str) -> None:
    environment = tree / "environment"
    before = native.folder_in(environment, tree)
    assert native.folder_in(environment, tree) == before
    (tree / changed).write_text("NAME = 'another'\n")
    assert native.folder_in(environment, tree) != before


def test_a_source_that_moved_is_another_source(tree: Path) -> None:
    before = native.folder_in(tree, tree)
    (tree / "workflows/engine/run.py").rename(tree / "workflows/engine/walk.py")
    assert native.folder_in(tree, tree) != before


def test_a_compiled_module_is_found_under_its_name_and_any_other_is_not(tmp_path: Path) -> None:
    suffix = EXTENSION_SUFFIXES[0]
    made = tmp_path / "workflows" / "engine" / f"run{suffix}"
    made.parent.mkdir(parents=True)
    made.touch()
    (tmp_path / "workflows" / "engine" / "run.cpython-27-other.so").touch()
    finder = native.Native(native.compiled(tmp_path))
    found = finder.find_spec("workflows.engine.run")
    assert found is not None and found.origin == str(made)
    assert finder.find_spec("workflows.engine.refusals") is None
    assert native.compiled(tmp_path / "nowhere") == {}


def test_errors_stay_source_and_nothing_but_the_engine_is_compiled(tree: Path) -> None:
    assert native.modules(tree) == [Path("workflows/engine/run.py")]
    assert {path.parts[:2] for path in native.modules()} == {("workflows", "engine")}
