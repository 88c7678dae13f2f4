"""Measure what share of the floor one process of ours keeps, and two processes of what two clients keep.

Everybody does the six-commit case of ``sitting.py``; two processes begin each round together, on one database, as do
the two clients of pgbench. Run it with ``python -m bench.shares [rounds] [cases per round]``.
"""

import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bench.floor import floor_of, server, services_of, town_of
from bench.goals import Figures, Median, RunVoid, judge
from bench.sitting import SIX_STEPS, WARM_UP, drafts, run_ours

PATIENCE_S = 600
GOALS = {"share-one": 1, "share-two": 2}
"""Goal -> how many processes, and how many clients of the floor."""


def figures(*, rounds: int, cases: int) -> Figures:
    """Return both shares, and the medians that they are of."""
    ours: dict[int, list[float]] = {count: [] for count in GOALS.values()}
    floors: dict[int, list[float]] = {count: [] for count in GOALS.values()}
    with server() as (postgres, folder):
        floor = floor_of(postgres)
        url = town_of(postgres, folder).db.url
        with _process(url, folder) as first, _process(url, folder) as second:
            for _ in range(rounds):
                for count, workers in ((1, [first]), (2, [first, second])):
                    floors[count].append(floor(count))
                    ours[count].append(_together(workers, cases))
    return _figures(ours, floors)


def _figures(ours: dict[int, list[float]], floors: dict[int, list[float]]) -> Figures:
    goals, shown = {}, []
    for goal, count in GOALS.items():
        own, floor = statistics.median(ours[count]), statistics.median(floors[count])
        goals[goal] = own / floor
        shown.append(Median(f"floor of {count}: ideal step, 7 round trips", floor, "commits/s", 1.0))
        shown.append(Median(f"six-commit case, {count} of our processes", own, "commits/s", own / floor))
    return Figures(goals, tuple(shown))


def _together(workers: list[Connection], cases: int) -> float:
    """Let all begin once the last is ready; return their commits per second in sum.

    Raises:
        RunVoid: one of them ended, or says nothing any more.
    """
    try:
        for worker in workers:
            worker.send(cases)
        for worker in workers:
            _answer(worker)
        for worker in workers:
            worker.send("go")
        return sum(_answer(worker) for worker in workers)
    except (EOFError, OSError) as fault:
        raise RunVoid("a process of ours dropped out") from fault


def _answer(worker: Connection) -> float:
    if not worker.poll(PATIENCE_S):
        raise TimeoutError
    found: float = worker.recv()
    return found


@contextmanager
def _process(url: str, folder: Path) -> Iterator[Connection]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, url, folder), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()


def _work(orders: Connection, url: str, folder: Path) -> None:
    """Carry out what is ordered: fill drafts, say so, wait for the word, and tell the rate."""
    town = services_of(url, folder)
    town.desk.definitions.publish([SIX_STEPS])
    run_ours(town, drafts(town, WARM_UP))
    while True:
        filled = drafts(town, orders.recv())
        orders.send(0.0)
        orders.recv()
        orders.send(run_ours(town, filled))


def main() -> int:
    """Print the medians and both shares; return 1 where one is too small."""
    rounds, cases = (int(one) for one in (*sys.argv[1:], "9", "60")[:2])
    found = figures(rounds=rounds, cases=cases)
    for median in found.medians:
        print(f"{median.words:44} {median.value:8,.0f} {median.unit}")
    verdicts = [one for one in judge(found.goals, reasons={}) if one.goal.id in found.goals]
    for one in verdicts:
        print(f"{one.goal.words:64} {one.value:.2f} (at least {one.goal.must})")
    return 0 if all(one.is_met for one in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
