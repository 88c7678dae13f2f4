"""Why something is wanting is one text: a reason that was picked, the officer's own words, or both."""

import pytest

from gov_portal.web.officer.check_words import REASONS, read_reason, spelt
from workflows.domain.checks import Check, Verdict, WantingReason


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("看不清", WantingReason.UNREADABLE, ""),
        ("看不清：第二页", WantingReason.UNREADABLE, "第二页"),
        ("缺页, 第三页没有", WantingReason.PAGES_MISSING, "第三页没有"),
        ("看不清楚的是第二页", WantingReason.OTHER, "看不清楚的是第二页"),
        ("请用彩色照片", WantingReason.OTHER, "请用彩色照片"),
        ("", WantingReason.OTHER, ""),
    ],
)
def test_a_reason_is_known_where_the_text_begins_with_it(text: str, reason: WantingReason, words: str) -> None:
    assert read_reason(text) == (reason, words)


@pytest.mark.parametrize("words", ["", "第二页"])
@pytest.mark.parametrize("reason", list(WantingReason))
def test_what_was_kept_is_shown_as_it_is_read_again(reason: WantingReason, words: str) -> None:
    assert read_reason(spelt(Check(Verdict.WANTING, reason, words))) == (reason, words)


def test_every_reason_but_ones_own_words_can_be_picked() -> None:
    assert set(REASONS) == set(WantingReason) - {WantingReason.OTHER}
