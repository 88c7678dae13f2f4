"""A state comes back as it was stored, and what nobody stored is said to be so."""

from uuid import UUID

import pytest

from gov_portal.kernel.ids import PersonId
from tests.factories.cases import APPLICANT, Story
from workflows.domain.commands import Object
from workflows.engine.codec import StateUnreadable, dump, load

NEIGHBOUR = PersonId(UUID(int=7))


def test_who_waits_for_an_answer_is_kept() -> None:
    story = Story().to_publicity()
    story.give(Object("publicise", "不符合", NEIGHBOUR), APPLICANT)
    assert load(dump(story.state)) == story.state
    assert load(dump(story.state)).active[0].objectors == (NEIGHBOUR,)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        None,
        {"s": "open"},
        {"s": "never", "p": "review"},
        {"s": "open", "p": "review", "t": 7},
        {"s": "open", "p": "review", "t": {"assess.1": {}}},
        {"s": "open", "p": "review", "ti": {"due:x": 10**40}},
        {"s": "open", "p": "review", "ap": "no id"},
        {"s": "open", "p": "review", "c": {"i": [["paused"]]}},
    ],
    ids=str,
)
def test_what_the_engine_did_not_write_is_refused_as_such(stored: object) -> None:
    with pytest.raises(StateUnreadable):
        load(stored)  # type: ignore[arg-type]
