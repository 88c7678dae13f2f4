"""Waits grow and have a cap; no limit shuts anybody out for good."""

import pytest

from identity.domain.limits import Limit, Limits, growing

EVERY_LIMIT = [getattr(Limits(), name) for name in Limits.__dataclass_fields__]


def test_waits_double_up_to_the_cap() -> None:
    assert growing(3, start_s=2, cap_s=60) == (0, 0, 0, 2, 4, 8, 16, 32, 60)


@pytest.mark.parametrize(("attempts", "wait"), [(0, 0), (1, 0), (3, 0), (4, 2), (9, 60), (1000, 60)])
def test_the_last_wait_holds_for_all_further_attempts(attempts: int, wait: int) -> None:
    assert Limits().sign_in_account.wait_after(attempts) == wait


@pytest.mark.parametrize("limit", EVERY_LIMIT, ids=lambda limit: limit.name)
def test_counting_begins_anew_only_after_the_longest_wait(limit: Limit) -> None:
    assert limit.waits_s[0] == 0
    assert sorted(limit.waits_s) == list(limit.waits_s)
    assert limit.window_s > limit.waits_s[-1]


def test_strangers_delay_an_accounts_owner_by_a_minute_at_most() -> None:
    assert max(Limits().sign_in_account.waits_s) == 60


def test_every_limit_counts_apart() -> None:
    assert len({limit.name for limit in EVERY_LIMIT}) == len(EVERY_LIMIT)
