"""Who asks something that hangs is free again in time, and never asks it twice at once."""

import threading
import time

import pytest

from gov_portal.kernel.monitoring.bounded import Bounded, Hanging


def test_an_answer_stands_for_a_while() -> None:
    asked: list[int] = []
    bounded = Bounded(lambda: asked.append(1) or len(asked), keep_s=60)
    assert [bounded.get(wait_s=5).value for _ in range(5)] == [1] * 5


def test_a_stale_answer_is_asked_for_anew() -> None:
    asked: list[int] = []
    bounded = Bounded(lambda: asked.append(1) or len(asked), keep_s=-1)
    assert [bounded.get(wait_s=5).value for _ in range(3)] == [1, 2, 3]


def test_a_question_that_hangs_is_asked_once_however_many_wait() -> None:
    gate, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        gate.wait(10)
        return "at last"

    bounded = Bounded(ask, keep_s=0)
    for _ in range(5):
        started = time.monotonic()
        with pytest.raises(Hanging):
            bounded.get(wait_s=0.02)
        assert time.monotonic() - started < 1
    assert len(asked) == 1
    gate.set()
    assert bounded.get(wait_s=5).value == "at last"


def test_an_error_is_told_to_whoever_asks() -> None:
    def fail() -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        Bounded(fail, keep_s=60).get(wait_s=5)
