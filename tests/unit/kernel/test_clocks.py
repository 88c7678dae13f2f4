from datetime import UTC, datetime, timedelta

import pytest

from gov_portal.kernel.clocks import FixedClock, SystemClock


def test_the_system_clock_tells_aware_time_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_fixed_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock(datetime.fromisoformat("2026-03-02T09:00+08:00"))
    assert clock.now() == clock.now() == datetime(2026, 3, 2, 1, tzinfo=UTC)
    clock.move_to(datetime(2026, 3, 3, tzinfo=UTC))
    assert clock.now() == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_fixed_clock_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 3, 2))  # noqa: DTZ001
