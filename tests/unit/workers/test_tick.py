from collections.abc import Callable
from threading import Event
from typing import cast

import pytest
from psycopg.errors import DiskFull, ReadOnlySqlTransaction
from structlog.testing import capture_logs

from gov_portal.kernel.db import Database
from gov_portal.workers import tick
from gov_portal.workers.tick import Chore, chores, fire_all, sweep
from gov_portal.workers.work import Work


def nothing() -> None: ...


def a_work(fire_due: Callable[[int], int] = lambda limit: 0, stuck: int = 0) -> Work:
    return Work(cast(Database, None), {}, fire_due=fire_due, seal=nothing, sweep=lambda: stuck, tidy=nothing)


def test_everything_that_is_due_fires_in_one_turn() -> None:
    rounds = iter([100, 100, 7, 0])
    assert fire_all(a_work(lambda limit: next(rounds))) == 207


@pytest.mark.parametrize(("stuck", "levels"), [(0, []), (2, ["error"])])
def test_stuck_cases_raise_the_alarm(stuck: int, levels: list[str]) -> None:
    with capture_logs() as lines:
        sweep(a_work(stuck=stuck))
    assert [line["log_level"] for line in lines] == levels


def test_a_chore_goes_on_after_an_error() -> None:
    stop = Event()
    turns: list[int] = []

    def act() -> None:
        turns.append(1)
        if len(turns) == 3:
            stop.set()
        raise ValueError

    with capture_logs() as lines:
        Chore("seal", 0, act).run(stop)
    assert len(turns) == 3
    assert {line["chore"] for line in lines} == {"seal"}


def test_an_outage_is_told_once_and_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "OUTAGE_EVERY_S", 0)
    stop = Event()
    answers = iter([DiskFull(), DiskFull(), ReadOnlySqlTransaction(), None])

    def act() -> None:
        answer = next(answers)
        if answer is not None:
            raise answer
        stop.set()

    with capture_logs() as lines:
        Chore("seal", 0, act).run(stop)
    assert [(line["event"], line.get("outage")) for line in lines] == [
        ("chore-interrupted", "disk-full"),
        ("chore-interrupted", "database-read-only"),
        ("chore-resumed", None),
    ]


def test_the_ledger_is_sealed_every_minute_and_the_house_is_tidied_once_a_day() -> None:
    turns = {chore.name: chore.every_s for chore in chores(a_work())}
    assert turns == {"fire-due": 0.5, "seal": 60, "sweep": 600, "tidy": 24 * 3600}


def test_the_chore_of_tidying_tidies() -> None:
    work = a_work()
    assert [chore.act for chore in chores(work) if chore.name == "tidy"] == [work.tidy]
