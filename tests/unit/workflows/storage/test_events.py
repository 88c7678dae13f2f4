"""An event tells what happened and what was written, and one of an earlier release is still read."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from gov_portal.kernel.cipher import Cipher, SealBroken
from workflows.domain.state import NOTHING, Happening
from workflows.storage.events import Body, EventPlace, opened_body, sealed_body

AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
PLACE = EventPlace(UUID(int=7), 3, AT)
BODY = Body(
    (
        Happening("elapsed", AT - timedelta(days=1), "notice", 1),
        Happening("acted", AT, "review", 2, {"act": "ok", "role": "window"}),
        Happening("closed", AT, detail={"outcome": "granted"}),
        Happening("entered", AT, "issue", 1, NOTHING),
        Happening("withdrawn", AT),
    ),
    {"review.reason": "checked"},
)


@pytest.fixture
def cipher() -> Cipher:
    return Cipher(os.urandom(32))


def test_an_event_comes_back_as_it_was_written(cipher: Cipher) -> None:
    assert opened_body(cipher, sealed_body(cipher, BODY, PLACE), PLACE) == BODY


def test_an_event_of_an_earlier_release_tells_the_same(cipher: Cipher) -> None:
    spelt = [[one.kind, one.at.isoformat(), one.step, one.visit, dict(one.detail)] for one in BODY.happenings]
    sealed = cipher.seal(orjson.dumps({"happenings": spelt, "writes": BODY.writes}), PLACE.context)
    assert opened_body(cipher, sealed, PLACE) == BODY
    assert len(sealed_body(cipher, BODY, PLACE)) < len(sealed) - 150


def test_an_event_is_no_other_event(cipher: Cipher) -> None:
    with pytest.raises(SealBroken):
        opened_body(cipher, sealed_body(cipher, BODY, PLACE), PLACE._replace(seq=4))
