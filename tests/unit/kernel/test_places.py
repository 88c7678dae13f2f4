"""Who waits longest is next, nobody waits longer than they want, and never do more hold a place than there are."""

import time
from collections.abc import Callable
from threading import Lock, Thread

from gov_portal.kernel.places import Places


def started(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work)
    thread.start()
    return thread


def test_they_get_a_place_in_the_order_in_which_they_came() -> None:
    places, order = Places(0), []

    def wait(number: int) -> None:
        assert places.take(patience_s=20)
        order.append(number)
        places.give_back()

    threads = []
    for number in range(5):
        threads.append(started(lambda number=number: wait(number)))
        while len(places._line) <= number:
            time.sleep(0.001)
    places.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_newcomer_passes_nobody() -> None:
    places = Places(0)
    waiting = started(lambda: places.take(patience_s=20))
    while not places._line:
        time.sleep(0.001)
    places.give_back()
    assert not places.take(patience_s=0)
    waiting.join()


def test_who_waited_in_vain_leaves_the_line_and_takes_no_place() -> None:
    places = Places(0)
    assert not places.take(patience_s=0.01)
    places.give_back()
    assert places.take(patience_s=0)


def test_never_do_more_hold_a_place_than_there_are() -> None:
    places, lock, holding, most, served = Places(3), Lock(), 0, 0, 0

    def work() -> None:
        nonlocal holding, most, served
        for _ in range(50):
            if not places.take(patience_s=0.0005):
                continue
            with lock:
                holding += 1
                most = max(most, holding)
                served += 1
            time.sleep(0.0002)
            with lock:
                holding -= 1
            places.give_back()

    for thread in [started(work) for _ in range(12)]:
        thread.join()
    assert 0 < most <= 3
    assert served >= 50
    assert all(places.take(patience_s=0) for _ in range(3))
    assert not places.take(patience_s=0)
