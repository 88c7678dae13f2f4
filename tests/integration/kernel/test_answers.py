from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from gov_portal.kernel.answers import Answers, RequestChanged, RequestUnderWay
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database


@pytest.fixture
def answers(database: Database, keys: KeyStore) -> Answers:
    return Answers(database, keys)


def ask(answers: Answers, answer: bytes | None, *, request: bytes = b"POST /x") -> bytes | None:
    with answers.turn(b"me:1", request=request) as turn:
        turn.answer = answer
        return turn.earlier


def test_the_second_request_gets_the_answer_of_the_first(answers: Answers) -> None:
    assert ask(answers, b"created") is None
    assert ask(answers, b"other") == b"created"


def test_another_request_under_the_same_key_is_refused(answers: Answers) -> None:
    ask(answers, b"created")
    with pytest.raises(RequestChanged):
        ask(answers, b"created", request=b"POST /y")


def test_a_request_that_failed_gives_its_key_back(answers: Answers) -> None:
    with pytest.raises(RuntimeError), answers.turn(b"me:1", request=b"POST /x"):
        raise RuntimeError
    assert ask(answers, b"created", request=b"POST /y") is None


def test_of_two_equal_requests_at_once_one_waits(answers: Answers) -> None:
    begun, go_on = Event(), Event()

    def slow() -> None:
        with answers.turn(b"me:1", request=b"POST /x") as turn:
            begun.set()
            go_on.wait(10)
            turn.answer = b"created"

    with ThreadPoolExecutor() as pool:
        first = pool.submit(slow)
        begun.wait(10)
        with pytest.raises(RequestUnderWay):
            ask(answers, b"other")
        with pytest.raises(RequestChanged):
            ask(answers, b"other", request=b"POST /y")
        go_on.set()
        first.result()
    assert ask(answers, None) == b"created"


def test_what_a_dead_process_began_may_be_taken_over(answers: Answers, database: Database) -> None:
    with database.driver() as driver:
        ask(answers, b"created")
        driver.execute("UPDATE kernel_answers SET sealed = NULL, begun_at = now() - interval '10 seconds'")
        with pytest.raises(RequestUnderWay):
            ask(answers, b"created")
        driver.execute("UPDATE kernel_answers SET begun_at = now() - interval '16 seconds'")
    assert ask(answers, b"created anew") is None
    assert ask(answers, None) == b"created anew"


def test_an_answer_is_sealed_and_forgotten_after_a_day(answers: Answers, database: Database) -> None:
    ask(answers, b"personal")
    with database.driver() as driver:
        assert b"personal" not in bytes(driver.execute("SELECT sealed FROM kernel_answers").fetchone()[0])
        driver.execute("UPDATE kernel_answers SET begun_at = now() - interval '25 hours'")
    assert ask(answers, b"later", request=b"POST /y") is None
    with database.driver() as driver:
        driver.execute("UPDATE kernel_answers SET begun_at = now() - interval '25 hours'")
    assert answers.tidy() == 1
