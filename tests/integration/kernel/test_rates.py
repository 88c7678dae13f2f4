from concurrent.futures import ThreadPoolExecutor

import pytest

from gov_portal.kernel.db import Database
from gov_portal.kernel.rates import Rate, StoredRates
from tests.factories.statements import statements_of

FIVE = Rate("test", requests=5, window_s=3600)
HUNDRED = Rate("test", requests=100, window_s=36_000)


def test_the_sixth_of_five_must_wait(database: Database) -> None:
    rates = StoredRates(database)
    standings = [rates.claim(FIVE, b"me") for _ in range(6)]
    assert [one.remaining for one in standings] == [4, 3, 2, 1, 0, 0]
    assert [one.wait_s > 0 for one in standings] == [False] * 5 + [True]
    assert standings[-1].wait_s in (719, 720)
    assert rates.claim(FIVE, b"somebody else").wait_s == 0


def test_waiting_makes_room(database: Database) -> None:
    rates = StoredRates(database)
    for _ in range(6):
        rates.claim(FIVE, b"me")
    with database.driver() as driver:
        driver.execute("UPDATE kernel_rates SET full_at = full_at - interval '720 seconds'")
    assert rates.claim(FIVE, b"me").wait_s == 0
    assert rates.claim(FIVE, b"me").wait_s > 0


def test_processes_count_together(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        standings = list(pool.map(lambda _: StoredRates(database).claim(FIVE, b"me"), range(40)))
    assert sum(one.wait_s == 0 for one in standings) == 5


def test_drained_buckets_are_removed(database: Database) -> None:
    rates = StoredRates(database)
    rates.claim(FIVE, b"me")
    assert rates.tidy() == 0
    with database.driver() as driver:
        driver.execute("UPDATE kernel_rates SET full_at = now() - interval '1 second'")
    assert rates.tidy() == 1


def test_who_is_far_from_the_limit_costs_a_statement_now_and_then(database: Database, monkeypatch) -> None:
    rates = StoredRates(database)
    sent = statements_of(lambda: [rates.claim(HUNDRED, b"me") for _ in range(50)], monkeypatch)
    # with every sixth, as by then a twentieth of the limit has not been told
    assert len([one for one in sent if "kernel_rates" in one]) == 9
    assert rates.claim(HUNDRED, b"me").remaining == 49


def test_what_each_process_has_counted_is_taken_together(database: Database) -> None:
    processes = [StoredRates(database) for _ in range(2)]
    passed = sum(processes[number % 2].claim(HUNDRED, b"me").wait_s == 0 for number in range(200))
    # each may have counted a twentieth that the other did not know of
    assert 100 <= passed <= 110


def test_a_second_later_the_others_are_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    rates, other = StoredRates(database), StoredRates(database)
    for _ in range(3):
        rates.claim(HUNDRED, b"me")
    monkeypatch.setattr(rates._own, "_told_at", -1.0)
    rates.claim(HUNDRED, b"somebody else")
    monkeypatch.setattr(other._own, "_told_at", -1.0)
    other.claim(HUNDRED, b"me")
    assert other.claim(HUNDRED, b"me").remaining == 95
