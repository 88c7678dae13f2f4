"""Measure the linter: processor time for each shipped item, and the time to check 1,216 items as one run.

The shipped items are read in the order of ``gov items lint --all``, so that the parts of a bundle are compiled once.
The many items are family files made of a shipped one, each member with an id of its own, checked in as many processes
as there are cores and then against each other. Run it with ``python -m bench.lint [rounds]``.
"""

import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from gov_portal.cli.linting import check_files
from workflows.dsl.across import check_across
from workflows.dsl.compiler import forget
from workflows.dsl.lint import item_paths, lint_file, opens_others

SHIPPED = Path(str(files("workflows") / "items"))
FAMILY = SHIPPED / "filings.yaml"
MANY = 1216
"""Items of a province's list."""

MOST_MS = 50


def times_of_shipped(rounds: int) -> dict[Path, list[float]]:
    """Return the processor time of each file in milliseconds per item, round by round."""
    paths = sorted(item_paths(SHIPPED), key=opens_others)
    times: dict[Path, list[float]] = {path: [] for path in paths}
    for _ in range(rounds):
        forget()
        for path in paths:
            began = time.process_time()
            report = lint_file(path)
            times[path].append((time.process_time() - began) * 1000 / len(report.definitions))
    return times


def many_families(folder: Path, count: int) -> Iterator[Path]:
    """Write family files that hold ``count`` items together."""
    text = FAMILY.read_text(encoding="utf-8")
    ids = [one.facts.id for one in lint_file(FAMILY).definitions]
    for first in range(0, count, len(ids)):
        copied = text
        for item in ids[count - first :]:
            copied = re.sub(rf"(?m)^    {re.escape(item)}:\n.*\n", "", copied)
        path = folder / f"filings-{first}.yaml"
        path.write_text(re.sub(r"(?m)^(    [a-z]+\.filing\.[a-z-]+):$", rf"\1-{first}:", copied), encoding="utf-8")
        yield path


def time_of_many(folder: Path) -> tuple[int, float]:
    """Check many items as one run; return how many they were and how many seconds it took."""
    paths = list(many_families(folder, MANY))
    began = time.perf_counter()
    checked = check_files(paths)
    summaries = [one for file in checked for one in file.summaries]
    check_across(summaries)
    return len(summaries), time.perf_counter() - began


def main(rounds: int) -> None:
    """Print a line for each item, the slowest, and the run over many."""
    times = times_of_shipped(rounds)
    for path, each in sorted(times.items()):
        print(f"{path.stem:24} {statistics.median(each):6.1f} ms")
    slowest = max(statistics.median(each) for each in times.values())
    print(f"slowest {slowest:.1f} ms of {MOST_MS}, median of {rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        count, took = time_of_many(Path(folder))
        print(f"{count} items in {took:.1f} s on {os.cpu_count()} cores")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
