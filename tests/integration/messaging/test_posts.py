"""A post ends in time and reads little, whatever the other side does."""

import ssl
import time
from pathlib import Path

import pytest

from gov_portal.messaging.posting import Poster
from tests.factories.hooks import Hook, drip, huge, listening, silent, with_status
from tests.factories.messaging import self_signed


def post(hook: Hook, *, total_s: float = 5, trust: ssl.SSLContext | None = None):
    poster = Poster(is_sandbox=True, total_s=total_s, trust=trust)
    return poster.post(hook.url, headers={"Content-Type": "application/json"}, body=b'{"a":1}')


def test_a_body_arrives_and_the_answer_is_its_status() -> None:
    with listening(Hook()) as hook:
        outcome = post(hook)
    assert (outcome.status, outcome.is_taken, outcome.error) == (204, True, "")
    headers, body = hook.requests[0]
    assert body == b'{"a":1}'
    assert headers["host"] == hook.url.split("/")[2]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    with listening(Hook()) as hook:
        hook.answers = [with_status(status, Location=hook.url)]
        assert post(hook).status == status
    assert len(hook.requests) == 1


def test_a_huge_answer_is_cut() -> None:
    with listening(Hook([huge])) as hook:
        started = time.monotonic()
        assert post(hook).is_taken
        assert time.monotonic() - started < 1


@pytest.mark.parametrize("answer", [drip, silent], ids=["drips", "says nothing"])
def test_a_slow_answer_is_cut_when_the_time_is_over(answer) -> None:
    with listening(Hook([answer])) as hook:
        started = time.monotonic()
        outcome = post(hook, total_s=0.5)
    assert (outcome.status, outcome.error) == (0, "timeout")
    assert time.monotonic() - started < 1.5


def test_who_does_not_listen_is_an_outcome() -> None:
    with listening(Hook()) as hook:
        pass
    assert post(hook).error == "connection-refused"


def test_an_answer_that_is_no_http_is_an_outcome() -> None:
    with listening(Hook([lambda handler: handler.wfile.write(b"\x00\x01\x02 nonsense\r\n\r\n")])) as hook:
        assert post(hook).error.startswith("broken-")


def test_how_long_to_wait_is_read() -> None:
    with listening(Hook([with_status(503, Retry_After="120"), with_status(503, Retry_After="soon")])) as hook:
        assert [post(hook).retry_after_s, post(hook).retry_after_s] == [120, 0]


def test_a_certificate_of_nobody_known_gets_nothing(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with listening(Hook(), certificate=certificate) as hook:
        assert post(hook).error == "certificate"
        trust = ssl.create_default_context(cafile=str(certificate))
        assert post(hook, trust=trust).status == 204
    assert len(hook.requests) == 1
