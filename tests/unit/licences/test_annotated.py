"""The terms of a copy: how far ahead its last day may lie, and what stands across the page."""

from datetime import date

import pytest

from gov_portal.licences.annotated import CopyTerms, last_day_of_copy


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 3, 2), date(2026, 9, 2)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
    ids=str,
)
def test_a_copy_lasts_six_months_at_most(today: date, last: date) -> None:
    assert last_day_of_copy(today) == last


def test_the_marking_says_for_whom_for_what_and_until_when() -> None:
    terms = CopyTerms("入学报名", "样例市第一小学", date(2026, 9, 1))
    assert terms.marking == "仅供样例市第一小学办理入学报名使用，有效期至2026年9月1日，再次复印无效"
