"""What is packed comes back, in fewer bytes, and plain JSON of an earlier release is read as it is."""

import orjson
import pytest

from workflows.packing import packed, unpacked

EVENT = {
    "h": [["acted", "review", 1, {"act": "ok", "role": "window"}], ["left", "review", 1], ["entered", "plain", 1]],
    "w": {"review.act": "ok", "review.role": "window", "review.reason": "材料齐全，符合法定形式"},
}


@pytest.mark.parametrize("content", [EVENT, {}, {"a": [None, True, 1, "\u0001"]}, {"x": "样例" * 3000}])
def test_what_is_packed_comes_back(content: dict[str, object]) -> None:
    assert unpacked(packed(content)) == content
    assert unpacked(orjson.dumps(content)) == content


def test_an_event_takes_half_the_bytes() -> None:
    assert len(packed(EVENT)) < len(orjson.dumps(EVENT)) / 2


def test_the_form_stays_readable() -> None:
    """Ledgers hold what was packed: the dictionary never changes under this number."""
    stored = bytes.fromhex(
        "01435757945a96995a8e4b7579665e4a7e398a2be01a50dd52000cd13c640741d4a178096c15ccb350a3810e830ac342f1d9"
        "dc09cfa6cd7cb977c2d3d615eff7f43c5fb3ece9848e679ba73e5d37ebe9de454ff7f42bd5d60200"
    )
    assert unpacked(stored) == EVENT
