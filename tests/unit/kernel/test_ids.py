"""Ids of cases sort by when they were made, and nobody guesses the next one."""

import time

from gov_portal.kernel.ids import new_case_id


def test_an_id_is_of_version_seven_and_says_the_millisecond_in_which_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = new_case_id()
    after = time.time_ns() // 1_000_000
    # RFC 9562, 5.7: 48 bits of milliseconds, version 7, variant 10
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_ids_of_one_millisecond_differ_in_all_other_bits() -> None:
    made = [new_case_id().int for _ in range(500)]
    assert len(set(made)) == 500
    tails = [one & ((1 << 62) - 1) for one in made]
    for place in range(62):
        assert 0 < sum(one >> place & 1 for one in tails) < 500
