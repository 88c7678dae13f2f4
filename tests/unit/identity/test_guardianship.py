"""A guardianship over a minor ends on the eighteenth birthday; over an adult it has no end of its own."""

from datetime import date

import pytest

from identity.domain.guardianship import eighteenth_birthday, end_of_guardianship, is_living


@pytest.mark.parametrize(
    ("birth", "of_age_on"),
    [
        (date(2014, 6, 1), date(2032, 6, 1)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
    ],
)
def test_full_age_is_reached_on_the_birthday(birth: date, of_age_on: date) -> None:
    assert eighteenth_birthday(birth) == of_age_on


@pytest.mark.parametrize(
    ("today", "ends_on"),
    [(date(2026, 3, 5), date(2026, 3, 6)), (date(2026, 3, 6), None), (date(2030, 1, 1), None)],
    ids=["the-day-before", "the-birthday", "later"],
)
def test_only_a_minors_guardianship_has_an_end(today: date, ends_on: date | None) -> None:
    assert end_of_guardianship(date(2008, 3, 6), today=today) == ends_on


@pytest.mark.parametrize(
    ("ends_on", "living"),
    [(None, True), (date(2026, 3, 7), True), (date(2026, 3, 6), False), (date(2026, 3, 5), False)],
)
def test_it_stands_until_the_day_before_its_end(ends_on: date | None, living: bool) -> None:
    assert is_living(ends_on, today=date(2026, 3, 6)) is living
