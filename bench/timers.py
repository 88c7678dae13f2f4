"""Measure the tick: how late spread timers fire, whether any is lost over a restart, and how fast a pile is drained.

The tick is the platform's own (``gov_portal.workers.tick``) in a process of its own, which is killed and started anew
in between. Business time runs with real time here. In the pile, the acceptance of every case is deemed given in the
same second, as legal deadlines fall together at midnight; meanwhile an officer goes on with other cases.

Run it with ``python -m bench.timers [pending] [due]``.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path
from threading import Event

from bench.floor import server, town_of
from bench.goals import Figures, Median, RunVoid
from bench.live_cases import TODAY, Stage, store, submitted
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.workers import tick
from gov_portal.workers.work import Work
from tests.factories.ports import Doubles, InMemoryPeople
from tests.factories.town import CALENDAR, CARD, Town
from workflows.definitions import Definitions
from workflows.domain.commands import ActOn
from workflows.services.cases import CaseService
from workflows.services.desk import Desk

SPREAD_S = 600
"""Over how long the pending timers fall due."""

LEAD_S = 5
PATIENCE_S = 5
STEP_EVERY_S = 0.1
STEPS = 200
_FIRED = """SELECT extract(epoch FROM l.at)::float, c.case_number FROM kernel_ledger l
    JOIN workflows_cases c ON l.stream = 'case:' || c.id
    WHERE l.kind = 'due' AND c.case_number LIKE %s"""


@dataclass
class RunningClock:
    """Stand still until it is started, then run with real time; the same in every process that is told its start."""

    at: datetime
    started: float | None = None

    def now(self) -> datetime:
        """Return the present instant."""
        return self.at if self.started is None else self.at + timedelta(seconds=time.time() - self.started)

    def stop(self) -> None:
        """Stand still at the present instant."""
        self.at, self.started = self.now(), None


@dataclass(frozen=True, slots=True)
class Place:
    """Hold what the measures share."""

    town: Town
    clock: RunningClock
    folder: Path

    def fired(self, series: str) -> dict[str, float]:
        """Return when the timer of each case of a series fired.

        Raises:
            RunVoid: one fired more than once.
        """
        with self.town.db.driver() as driver:
            rows = driver.execute(_FIRED, (f"{series}%",)).fetchall()
        found = {number: at for at, number in rows}
        if len(found) != len(rows):
            raise RunVoid(f"{len(rows) - len(found)} timers fired twice")
        return found


def figures(*, pending: int, due: int, watched_s: float) -> Figures:
    """Return lateness and losses while the spread ones are watched, and the rate at which a pile is drained."""
    with server() as (postgres, folder):
        town, clock = town_of(postgres, folder), RunningClock(TODAY)
        desk = replace(town.desk, clock=clock)
        place = Place(replace(town, desk=desk, cases=CaseService(desk)), clock, folder)
        per_second, slowest = _drain(place, due)
        lateness, lost = _spread(place, pending, watched_s=watched_s)
    goals = {"timers-late": lateness, "timers-lost": lost, "timers-drain": per_second, "timers-step": slowest}
    words = f"timers: {pending:,} spread over {SPREAD_S} s, then {due:,} due at once, drained at"
    return Figures(goals, (Median(words, per_second, "per s"),))


def _drain(place: Place, due: int) -> tuple[float, float]:
    """Let many fall due in one second; return how many fire per second, and how long the slowest other step takes."""
    town, moment = place.town, place.clock.at + timedelta(seconds=LEAD_S)
    kind = due_at(submitted(town.desk.definitions.current(CARD)), moment, prefix="due:")
    store(town, repeat(kind, due), series="PILE")
    others = [town.submitted(town.newcomer()) for _ in range(STEPS)]
    _analyse(place)
    place.clock.started = time.time()
    slowest = 0.0
    with _ticking(place):
        time.sleep(LEAD_S)
        until = time.monotonic() + 60 + due / 50
        while _left(place) and time.monotonic() < until:
            slowest = max(slowest, _step(town, others))
            time.sleep(STEP_EVERY_S)
    place.clock.stop()
    fired = place.fired("PILE")
    if len(fired) != due:
        raise RunVoid(f"{len(fired)} of {due} timers fired in time")
    began = max(moment.timestamp(), min(fired.values()))
    return due / (max(fired.values()) - began), slowest


def _step(town: Town, others: list[CaseId]) -> float:
    """Carry out one ordinary step and return how long it took."""
    if not others:
        return 0.0
    case = others.pop()
    began = time.perf_counter()
    town.cases.act(case, ActOn(TaskKey("accept.1"), "ok"), by=town.window, key="step")
    return time.perf_counter() - began


def _spread(place: Place, pending: int, *, watched_s: float) -> tuple[float, int]:
    """Let many fall due one after another; return how late the latest of 99 in 100 are, and how many never fire."""
    kind = submitted(place.town.desk.definitions.current(CARD))
    begins = place.clock.at + timedelta(seconds=LEAD_S)
    moments = [begins + timedelta(seconds=SPREAD_S * number / pending) for number in range(pending)]
    store(place.town, (due_at(kind, moment) for moment in moments), series="WAIT")
    _analyse(place)
    place.clock.started = time.time()
    with _ticking(place):
        time.sleep(LEAD_S + watched_s / 2)
        killed_at = place.clock.now()
    with _ticking(place):
        time.sleep(watched_s / 2)
        until = place.clock.now()
        time.sleep(PATIENCE_S)
    place.clock.stop()
    fired = place.fired("WAIT")
    wanted = {f"WAIT{number:09d}": moment for number, moment in enumerate(moments) if moment <= until}
    late = sorted(
        fired[number] - moment.timestamp()
        for number, moment in wanted.items()
        if number in fired and moment < killed_at - timedelta(seconds=PATIENCE_S)
    )
    if not late:
        raise RunVoid("no timer fired before the restart")
    return late[int(len(late) * 0.99)], sum(number not in fired for number in wanted)


def due_at(stage: Stage, moment: datetime, *, prefix: str = "") -> Stage:
    """Return the case with the timers of a prefix only, moved so that the first of them falls due at a moment."""
    timers = {key: due for key, due in stage.state.timers.items() if key.startswith(prefix)}
    shift = moment - min(timers.values())
    moved = {key: due + shift for key, due in timers.items()}
    return replace(stage, state=stage.state._replace(timers=moved))


def _left(place: Place) -> bool:
    with place.town.db.driver() as driver:
        sql = "SELECT EXISTS (SELECT 1 FROM workflows_tasks WHERE next_at <= %s)"
        row = driver.execute(sql, (place.clock.now(),)).fetchone()
    return bool(row and row[0])


def _analyse(place: Place) -> None:
    with place.town.db.driver() as driver:
        driver.execute("ANALYZE")


@contextmanager
def _ticking(place: Place) -> Iterator[None]:
    """Run a tick in a process of its own, and kill it at the end without a warning."""
    clock = place.clock
    told = [place.town.db.url, str(place.folder), clock.at.isoformat(), repr(clock.started)]
    with subprocess.Popen([sys.executable, "-m", "bench.timers", "tick", *told], stdout=subprocess.DEVNULL) as process:
        try:
            yield
            if process.poll() is not None:
                raise RunVoid(f"the tick ended with {process.returncode}")
        finally:
            process.send_signal(signal.SIGKILL)


def _tick(url: str, folder: Path, clock: RunningClock) -> None:
    """Be the tick until it is killed."""
    database = Database(url)
    keys = KeyStore(database, FileKms(folder / "secrets"))
    desk = Desk(
        db=database,
        keys=keys,
        files=FileStore(database, keys, root=folder / "files"),
        clock=clock,
        calendar=CALENDAR,
        definitions=Definitions(database, clock=clock),
        ports=Doubles(InMemoryPeople(database, keys)).ports,
        region="470101",
    )
    fire_due = CaseService(desk).fire_due
    work = Work(database, {}, fire_due=fire_due, seal=lambda: None, sweep=lambda: 0, tidy=lambda: None)
    for thread in tick.start(work, Event()):
        thread.join()


def main() -> None:
    """Be the tick, or measure it and print what was found."""
    match sys.argv[1:]:
        case ["tick", url, folder, at, started]:
            _tick(url, Path(folder), RunningClock(datetime.fromisoformat(at), float(started)))
        case given:
            pending, due = (int(one) for one in (given or ("10000", "2000")))
            for name, value in figures(pending=pending, due=due, watched_s=30).goals.items():
                print(f"{name:14} {value:10.3f}")


if __name__ == "__main__":
    main()
