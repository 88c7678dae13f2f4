"""Every message has a kind, and wishes say where it goes."""

import pytest

from gov_portal.messaging.catalogue import CHINESE, FALLBACK, LANGUAGES, shipped
from gov_portal.messaging.news import CODE_MESSAGE, Kind, Wishes, is_placed, kind_of

CODES = {code for code in shipped().texts[CHINESE] if not code.startswith("outcome.")}


@pytest.mark.parametrize("code", sorted(CODES - {FALLBACK, CODE_MESSAGE}))
def test_somebody_has_placed_every_message(code: str) -> None:
    assert is_placed(code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_subject(language: str) -> None:
    words = {"greeting", "open", "why", "stop", "sender"}
    assert set(shipped().subjects[language]) == CODES | words


def test_a_message_that_nobody_has_placed_is_not_overlooked() -> None:
    assert kind_of("case.quite-new") is Kind.DUTIES


@pytest.mark.parametrize(
    ("code", "channels"),
    [
        ("case.supplement-asked", ("sms", "email")),
        ("case.received", ("email",)),
        ("identity.password-changed", ("sms", "email")),
    ],
)
def test_who_has_not_chosen_is_told_in_the_usual_way(code: str, channels: tuple[str, ...]) -> None:
    assert Wishes().channels(code) == channels


@pytest.mark.parametrize(
    ("hour", "left"), [(21, 0), (22, 9), (23, 8), (0, 7), (6, 1), (7, 0), (12, 0)], ids=lambda value: str(value)
)
def test_quiet_hours_go_over_midnight(hour: int, left: int) -> None:
    assert Wishes(quiet_from=22, quiet_until=7).quiet_hours_left(hour) == left


def test_without_quiet_hours_nobody_is_spared() -> None:
    assert Wishes().quiet_hours_left(3) == 0


def test_a_day_is_said_in_the_language() -> None:
    params = {"case_number": "N", "item": "x", "due_on": "2026-03-12"}
    assert "要在 2026年3月12日 前" in shipped().text("case.supplement-due", params)
    assert "due by 12 March 2026" in shipped().text("case.supplement-due", params, language="en")


def test_outside_neither_item_nor_licence_is_named() -> None:
    params = {"licence": "残疾人证", "ends_on": "2026-03-12"}
    assert shipped().outside("licence.ends", params).startswith("您的证照将于 2026年3月12日 到期")
    assert "残疾" not in shipped().outside("case.received", {"case_number": "N", "item": "残疾人证"})
