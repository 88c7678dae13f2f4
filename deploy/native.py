"""Compile the engine to machine code: ``python -m deploy.native [ENVIRONMENT]``, this Python's own if none is named.

mypyc makes it of the very source that runs elsewhere; ``workflows/native.py`` finds it again. It takes mypy, a C
compiler and the headers of this Python, three quarters of a minute and 3 MB. Where the compiler or the headers are
missing it says so and exits with 3. Run it at the root of the sources.
"""

import contextlib
import io
import os
import shlex
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from mypyc.build import mypycify
from setuptools import Extension, setup

from workflows import native

NOTHING_TO_COMPILE_WITH = 3


def main(environment: Path) -> int:
    """Compile unless it is done already, and lay the result into the environment as a whole."""
    folder = native.folder_in(environment)
    if folder.exists():
        return 0
    if missing := what_is_missing():
        print(f"native: the engine runs from its source, at two fifths of its speed, for want of {missing};")
        print("  on Debian: apt-get install gcc python3-dev, then `make native`")
        return NOTHING_TO_COMPILE_WITH
    print("· the engine as machine code (less than a minute)", flush=True)
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        made = Path(work) / "made"
        arguments = ["-q", "build_ext", "--build-lib", str(made), "--build-temp", work]
        setup(name="native", ext_modules=_in_c(native.modules(), Path(work)), script_args=arguments)
        made.rename(folder)
    return 0


def _in_c(modules: list[Path], work: Path) -> list[Extension]:
    """Turn modules into C; what mypyc says of them is told only where it fails."""
    # With -O3 it takes half as long again and is 2 % faster.
    options = ["--no-incremental", "--cache-dir", os.devnull, *map(str, modules)]
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            return mypycify(options, opt_level="1", debug_level="0", target_dir=str(work), group_name="engine")
    except SystemExit:
        print(said.getvalue(), file=sys.stderr)
        raise


def what_is_missing() -> str:
    """Return what a compilation needs and this machine lacks; empty for nothing."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
    if shutil.which(compiler) is None:
        return f"a C compiler ({compiler})"
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    return "" if headers.exists() else f"Python's headers ({headers})"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else sys.prefix)))
