"""The code of a presentation: what it says comes back, and nobody else can write one."""

import hmac
from datetime import UTC, datetime, timedelta

import pytest

from gov_portal.licences.presentation import SLACK, Ticket, new_ticket, read_code, write_code

MADE_AT = datetime(2026, 11, 27, 6, 0, 0, 123_456, tzinfo=UTC)


def sign(told: bytes) -> bytes:
    return hmac.digest(b"key", told, "sha256")


def test_a_code_says_which_version_and_when() -> None:
    ticket = new_ticket(7, now=MADE_AT)
    assert (ticket.status_index, ticket.made_at) == (7, MADE_AT.replace(microsecond=123_000))
    assert read_code(write_code(ticket, sign), sign) == ticket


def test_a_code_has_48_letters_that_an_address_may_hold() -> None:
    code = write_code(new_ticket(2**31 - 1, now=MADE_AT), sign)
    assert len(code) == 48
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_two_codes_of_one_moment_differ() -> None:
    assert new_ticket(7, now=MADE_AT) != new_ticket(7, now=MADE_AT)


def test_a_code_of_another_key_is_none() -> None:
    code = write_code(new_ticket(7, now=MADE_AT), lambda told: hmac.digest(b"other", told, "sha256"))
    assert read_code(code, sign) is None


@pytest.mark.parametrize(
    ("seconds", "is_fresh"), [(-6, False), (-5, True), (0, True), (59.9, True), (60, False)], ids=str
)
def test_a_code_is_fresh_for_sixty_seconds_and_bears_clocks_that_differ_a_little(
    seconds: float, is_fresh: bool
) -> None:
    ticket = Ticket(7, MADE_AT, b"0123456789")
    assert timedelta(seconds=5) == SLACK
    assert ticket.is_fresh(MADE_AT + timedelta(seconds=seconds)) is is_fresh
