"""When each chore last ended well is told, and how often it did not."""

import time
from threading import Event

from gov_portal.kernel.monitoring.metrics import CHORE_DONE, CHORE_FAILURES, STUCK_CASES
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.workers.tick import Chore, chores, sweep
from tests.unit.workers.test_tick import a_work


def test_a_chore_that_ends_well_says_when() -> None:
    stop, tally = Event(), Tally()
    Chore("seal", 0, stop.set, tally).run(stop)
    (sample,) = tally.samples()
    assert (sample.metric, sample.labels) == (CHORE_DONE, ("seal",))
    assert abs(sample.value - time.time()) < 60


def test_a_chore_that_fails_is_counted_and_says_no_time() -> None:
    stop, tally = Event(), Tally()

    def fail() -> None:
        stop.set()
        raise ValueError

    Chore("seal", 0, fail, tally).run(stop)
    assert [(one.metric, one.value) for one in tally.samples()] == [(CHORE_FAILURES, 1)]


def test_the_chores_of_a_process_count_where_it_does() -> None:
    work = a_work(stuck=2)
    sweep(work)
    assert {id(chore.tally) for chore in chores(work)} == {id(work.tally)}
    assert [(one.metric, one.value) for one in work.tally.samples()] == [(STUCK_CASES, 2)]
