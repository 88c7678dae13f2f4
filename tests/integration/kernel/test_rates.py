from concurrent.futures import ThreadPoolExecutor

from gov_portal.kernel.db import Database
from gov_portal.kernel.rates import Rate, StoredRates

FIVE = Rate("test", requests=5, window_s=3600)


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
