"""A department that does not answer is left alone for a while."""

from gov_portal.exchange.breaker import Breaker
from gov_portal.exchange.domain import SystemId

POLICE, CIVIL = SystemId("police"), SystemId("civil")


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def an_open_breaker(seconds: Seconds) -> Breaker:
    breaker = Breaker(threshold=3, pause_s=10, monotonic=seconds)
    for _ in range(3):
        assert breaker.may_call(POLICE)
        breaker.failed(POLICE)
    return breaker


def test_failures_in_a_row_hold_calls_back() -> None:
    assert not an_open_breaker(Seconds()).may_call(POLICE)


def test_other_systems_are_not_held_back() -> None:
    assert an_open_breaker(Seconds()).may_call(CIVIL)


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker(threshold=2, monotonic=Seconds())
    breaker.failed(POLICE)
    breaker.succeeded(POLICE)
    breaker.failed(POLICE)
    assert breaker.may_call(POLICE)


def test_after_the_pause_one_call_may_try() -> None:
    seconds = Seconds()
    breaker = an_open_breaker(seconds)
    seconds.now += 10
    assert [breaker.may_call(POLICE), breaker.may_call(POLICE)] == [True, False]


def test_a_try_that_succeeds_opens_the_way() -> None:
    seconds = Seconds()
    breaker = an_open_breaker(seconds)
    seconds.now += 10
    assert breaker.may_call(POLICE)
    breaker.succeeded(POLICE)
    assert breaker.may_call(POLICE) and breaker.may_call(POLICE)


def test_a_try_that_fails_waits_again() -> None:
    seconds = Seconds()
    breaker = an_open_breaker(seconds)
    seconds.now += 10
    assert breaker.may_call(POLICE)
    breaker.failed(POLICE)
    seconds.now += 9
    assert not breaker.may_call(POLICE)
