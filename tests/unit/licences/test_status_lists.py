"""Status lists are packed as the draft has it, and hold what they were told."""

import zlib
from base64 import urlsafe_b64decode

from hypothesis import given
from hypothesis import strategies as st

from gov_portal.licences.status_lists import SIZE, Listed, list_of, packed, place_in, said_at
from tests.factories.effort import tried

# draft-ietf-oauth-status-list, section 4.1: twelve places of two bits in three bytes.
EXAMPLE = {0: 1, 1: 2, 2: 0, 3: 3, 4: 0, 5: 1, 6: 0, 7: 1, 8: 1, 9: 2, 10: 3, 11: 3}
# The same draft, appendix "2-bit Status List": 2^20 places, all others 0.
LONG = {
    0: 1,
    1993: 2,
    25460: 1,
    159495: 3,
    495669: 1,
    554353: 1,
    645645: 2,
    723232: 1,
    854545: 1,
    934534: 2,
    1000345: 3,
}
LONG_LIST = (
    "eNrt2zENACEQAEEuoaBABP5VIO01fCjIHTMStt9ovGVIAAAAAABAbiEBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEB5WwIAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAID0ugQAAAAA"
    "AAAAAAAAAAAAQG12SgAAAAAAAAAAAAAAAAAAAAAAAAAAAOCSIQEAAAAAAAAAAAAAAAAAAAAAAAD8ExIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAwJEuAQAAAAAAAAAAAAAAAAAAAAAAAMB9SwIAAAAAAAAAAAAAAAAAAACoYUoAAAAAAAAAAAAAAEBqH81gAQw"
)


def unpacked(text: str) -> bytes:
    return zlib.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_the_short_example_of_the_draft_comes_out() -> None:
    found = packed(((place, status) for place, status in EXAMPLE.items()), size=12)
    assert found == "eNo76fITAAPfAgc"
    assert unpacked(found) == bytes.fromhex("c944f9")
    assert {place: said_at(found, place) for place in EXAMPLE} == EXAMPLE


def test_the_long_example_of_the_draft_can_be_read_and_is_packed_alike() -> None:
    assert {place: said_at(LONG_LIST, place) for place in LONG} == LONG
    assert unpacked(packed(LONG.items())) == unpacked(LONG_LIST)


@tried(12)
@given(st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from(Listed), max_size=50), st.integers(0, SIZE - 1))
def test_a_list_says_what_it_was_told_and_valid_of_all_others(ended: dict[int, Listed], other: int) -> None:
    found = packed(ended.items())
    assert {place: said_at(found, place) for place in ended} == ended
    assert said_at(found, other) == ended.get(other, Listed.VALID)


def test_a_list_does_not_tell_how_many_licences_there_are() -> None:
    assert len(unpacked(packed([]))) == len(unpacked(packed([(SIZE - 1, Listed.REVOKED)]))) == 262_144


def test_places_go_on_in_the_next_list() -> None:
    assert (list_of(0), place_in(0)) == (0, 0)
    assert (list_of(SIZE - 1), place_in(SIZE - 1)) == (0, SIZE - 1)
    assert (list_of(SIZE), place_in(SIZE)) == (1, 0)
