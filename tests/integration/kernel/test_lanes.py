"""Lanes of the outbox get equal turns, limits hold over all processes, and workers that are behind are told no more."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from gov_portal.kernel import outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import OutboxMessage

POLICE = {"system:police": 3}


def put(database: Database, source: str, count: int, *, target: str = "") -> None:
    """Add so many messages of an item; their keys begin with it."""
    messages = [
        OutboxMessage("case.call", f"{source}:{target}:{number}", source=f"item:{source}", target=target)
        for number in range(count)
    ]
    with database.begin() as uow:
        outbox.add(uow, *messages)


def sources(database: Database, ids: Iterable[int]) -> Counter[str]:
    with database.driver() as driver:
        rows = driver.execute("SELECT split_part(key, ':', 1) FROM kernel_outbox WHERE id = ANY(%s)", (list(ids),))
        return Counter(row[0] for row in rows.fetchall())


def test_an_item_with_few_messages_does_not_wait_behind_one_with_thousands(database: Database) -> None:
    put(database, "flood", 3_000)
    put(database, "quiet", 2)
    assert sources(database, outbox.due(database, 20)) == {"flood": 18, "quiet": 2}


def test_a_departments_backlog_of_many_items_leaves_turns_to_others(database: Database) -> None:
    for number in range(5):
        put(database, f"item{number}", 100, target="system:police")
    put(database, "item0", 100, target="system:health")
    told = outbox.due(database, 12)
    with database.driver() as driver:
        rows = driver.execute("SELECT target FROM kernel_outbox WHERE id = ANY(%s)", (told,)).fetchall()
    assert Counter(row[0] for row in rows) == {"system:police": 10, "system:health": 2}


def test_all_is_told_in_the_end_whatever_lane_it_stands_in(database: Database) -> None:
    for source, count in (("a", 70), ("b", 1), ("c", 33)):
        put(database, source, count)
    told: list[int] = []
    while found := outbox.due(database, 20):
        told += found
    assert len(told) == len(set(told)) == 104


def test_of_a_limited_system_no_more_is_told_than_may_be_claimed(database: Database) -> None:
    put(database, "a", 10, target="system:police")
    put(database, "b", 10, target="system:police")
    put(database, "b", 2, target="system:health")
    told = outbox.due(database, 20, limits=POLICE)
    assert sources(database, told) == {"a": 2, "b": 3}
    assert outbox.due(database, 20, limits=POLICE) == []


def test_an_item_at_its_limit_does_not_take_the_turns_of_others_at_a_limited_system(database: Database) -> None:
    put(database, "a", 10, target="system:police")
    put(database, "b", 10, target="system:police")
    told = outbox.due(database, 20, limits={**POLICE, "item:a": 1})
    assert sources(database, told) == {"a": 1, "b": 2}


def test_a_limit_holds_however_many_claim_at_once(database: Database) -> None:
    put(database, "a", 24, target="system:police")
    told = outbox.due(database, 24)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: outbox.claim(database, one, limits=POLICE), told))
    claimed = [message for message in found if message is not None]
    assert len(claimed) == 3
    assert outbox.due(database, 24, limits=POLICE) == []
    outbox.settle(database, claimed[0])
    with database.driver() as driver:
        driver.execute("UPDATE kernel_outbox SET nudge_at = now() WHERE NOT is_under_way")
    (room,) = outbox.due(database, 24, limits=POLICE)
    assert outbox.claim(database, room, limits=POLICE) is not None


def test_what_a_limit_kept_back_is_spoken_of_again_in_a_moment(database: Database) -> None:
    put(database, "a", 4, target="system:police")
    told = outbox.due(database, 4)
    assert [outbox.claim(database, one, limits=POLICE) is None for one in told] == [False, False, False, True]
    with database.driver() as driver:
        sql = "SELECT nudge_at - now() < interval '1 s' FROM kernel_outbox WHERE id = %s AND NOT is_under_way"
        assert driver.execute(sql, (told[3],)).fetchone() == (True,)


def test_workers_that_are_behind_are_told_no_more_until_they_take_something(database: Database) -> None:
    put(database, "a", 50)
    told = outbox.due(database, 20, per_worker=8)
    assert len(told) == 8
    assert outbox.due(database, 20, per_worker=8) == []
    for one in told[:3]:
        assert outbox.claim(database, one) is not None
    assert len(outbox.due(database, 20, per_worker=8)) == 3


def test_what_was_told_in_vain_is_told_again_and_does_not_stop_the_rest_for_ever(database: Database) -> None:
    put(database, "a", 10)
    first = outbox.due(database, 20, per_worker=8, renudge_s=0)
    assert len(first) == 8
    assert len(outbox.due(database, 20, per_worker=8)) == 8


def test_every_living_worker_brings_room(database: Database) -> None:
    with database.driver() as driver:
        for name, age in (("one", 0), ("two", 0), ("dead", 60)):
            driver.execute(
                "INSERT INTO kernel_heartbeats (name, kind, started_at, beat_at, figures) "
                "VALUES (%s, 'worker', now(), now() - make_interval(secs => %s), '[]')",
                (name, age),
            )
    put(database, "a", 50)
    assert len(outbox.due(database, 40, per_worker=8)) == 16


def test_the_depth_tells_what_waits_and_what_is_under_way(database: Database) -> None:
    put(database, "a", 5)
    outbox.claim(database, outbox.due(database, 2)[0])
    (depth,) = outbox.depths(database)
    assert (depth.topic, depth.waiting, depth.under_way) == ("case.call", 5, 2)
