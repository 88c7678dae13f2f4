"""Measure everything in one sitting, each measure in a process of its own, and set it beside its goal.

``python -m bench.suite [--quick] [measure …]`` prints the tables, writes them to ``bench/out``, and returns 1 where a
must is missed, not measured, or its run was void. Where measures are named, only their goals are asked for.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.goals import Figures, Median, judge
from bench.measures import MEASURES, read
from bench.report import Sitting, as_markdown, write

OUT = Path(__file__).parent / "out"
PATIENCE_S = 3 * 3600
_LAST_LINES = 3


def main(arguments: Sequence[str]) -> int:
    """Run the sitting."""
    form = "quick" if "--quick" in arguments else "full"
    named = [one for one in arguments if not one.startswith("-")]
    wanted = named or list(MEASURES)
    began_at = datetime.now(UTC)
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    medians: list[Median] = []
    void: list[str] = []
    for name in wanted:
        found = run(name, form)
        if isinstance(found, str):
            void.append(f"{name}: {found}")
            reasons |= dict.fromkeys(MEASURES[name][1], "its run is void")
        else:
            values |= found.goals
            medians += found.medians
    sitting = Sitting(began_at=began_at, form=form, verdicts=judge(values, reasons=reasons), medians=medians, void=void)
    write(sitting, OUT)
    print(as_markdown(sitting))
    return 0 if sitting.is_passed else 1


def run(name: str, form: str) -> Figures | str:
    """Run one measure and return what it found, or why its run is void."""
    print(f"== {name} ({form})", flush=True)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="gov-bench-") as folder:
        path = Path(folder) / "found.json"
        command = [sys.executable, "-m", "bench.measures", name, form, str(path)]
        try:
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            return _void(name, f"took more than {PATIENCE_S} s")
        found = after(done.returncode, done.stderr, found=read(path) if path.exists() else None)
    if isinstance(found, str):
        OUT.mkdir(exist_ok=True)
        (OUT / f"{name}.log").write_text(done.stderr, encoding="utf-8")
        found = f"{found} (all that it said: bench/out/{name}.log)"
    print(f"   {time.perf_counter() - began:.0f} s", flush=True)
    return _void(name, found) if isinstance(found, str) else found


def after(code: int, said: str, *, found: Figures | None) -> Figures | str:
    """Return what a measure found, or why its run is void: it broke off, or wrote nothing."""
    if code:
        return " / ".join(said.strip().splitlines()[-_LAST_LINES:]) or f"ended with {code}"
    return found or "ended without a result"


def _void(name: str, reason: str) -> str:
    print(f"!! THE RUN OF {name.upper()} IS VOID: {reason}", flush=True)
    return reason


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
