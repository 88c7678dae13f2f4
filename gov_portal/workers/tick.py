"""Do what recurs: fire due timers, seal the ledger, look for stuck cases, tidy up. Twice at once does no harm."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

import structlog

from gov_portal.kernel import tracing
from gov_portal.kernel.logs import describe
from gov_portal.kernel.monitoring.metrics import CHORE_DONE, CHORE_FAILURES, STUCK_CASES
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.outages import Outage, outage_of
from gov_portal.workers.work import Turn, Work

FIRE_EVERY_S = 0.5
SEAL_EVERY_S = 60.0
SWEEP_EVERY_S = 600.0
TIDY_EVERY_S = 86_400.0
OUTAGE_EVERY_S = 2.0
_CASES_PER_ROUND = 100

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Name one thing that is done again and again."""

    name: str
    every_s: float
    act: Callable[[], object]
    tally: Tally = field(default_factory=Tally)

    def run(self, stop: Event) -> None:
        """Repeat until ``stop`` is set, each turn under an id of its own; an error is logged and the next comes.

        While an outage lasts it is told once, and the turns come more slowly.
        """
        outage: Outage | None = None
        while not stop.is_set():
            started = time.monotonic()
            with tracing.under():
                outage = self._act(outage)
            every_s = max(self.every_s, OUTAGE_EVERY_S) if outage else self.every_s
            stop.wait(max(0.0, started + every_s - time.monotonic()))

    def _act(self, before: Outage | None) -> Outage | None:
        """Take one turn; return which outage kept it from its end."""
        try:
            self.act()
        except Exception as error:  # noqa: BLE001 - the outermost frame: the next turn tries again
            self.tally.add(CHORE_FAILURES, self.name)
            outage = outage_of(error)
            if outage is None:
                _log.warning("chore-failed", chore=self.name, exc_info=error)
            elif outage is not before:
                _log.warning("chore-interrupted", chore=self.name, outage=outage.value, error=describe(error))
            return outage
        self.tally.put(CHORE_DONE, self.name, value=time.time())
        if before is not None:
            _log.info("chore-resumed", chore=self.name)
        return None


def chores(work: Work) -> list[Chore]:
    """Return the chores of the platform."""
    turns = (
        Turn("fire-due", FIRE_EVERY_S, lambda: fire_all(work)),
        Turn("seal", SEAL_EVERY_S, work.seal),
        Turn("sweep", SWEEP_EVERY_S, lambda: sweep(work)),
        Turn("tidy", TIDY_EVERY_S, work.tidy),
        *work.turns,
    )
    return [Chore(turn.name, turn.every_s, turn.act, work.tally) for turn in turns]


def fire_all(work: Work) -> int:
    """Fire until nothing is due; return how many cases moved."""
    moved = 0
    while fired := work.fire_due(_CASES_PER_ROUND):
        moved += fired
    if moved:
        _log.info("timers-fired", cases=moved)
    return moved


def sweep(work: Work) -> int:
    """Look for stuck cases and raise the alarm for any."""
    found = work.sweep()
    work.tally.put(STUCK_CASES, value=found)
    if found:
        _log.error("cases-stuck", cases=found)
    return found


def start(work: Work, stop: Event) -> list[Thread]:
    """Start one thread per chore, so that none waits for another; they end after ``stop`` is set."""
    threads = [Thread(target=chore.run, args=(stop,), name=chore.name) for chore in chores(work)]
    for thread in threads:
        thread.start()
    return threads
