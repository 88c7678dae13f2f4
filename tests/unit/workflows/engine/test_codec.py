"""A state comes back as it was stored, and what nobody stored is said to be so."""

from uuid import UUID

import pytest

from gov_portal.kernel.ids import OfficerId, PersonId
from tests.factories.cases import APPLICANT, Story
from workflows.domain.commands import Object
from workflows.domain.state import CaseState
from workflows.engine.codec import StateUnreadable, dump, load

NEIGHBOUR = PersonId(UUID(int=7))
LIN, WU = OfficerId(UUID(int=8)), OfficerId(UUID(int=9))


def test_who_waits_for_an_answer_is_kept() -> None:
    story = Story().to_publicity()
    story.give(Object("publicise", "不符合", NEIGHBOUR), APPLICANT)
    assert load(dump(story.state)) == story.state
    assert load(dump(story.state)).active[0].objectors == (NEIGHBOUR,)


@pytest.mark.parametrize("holders", [{}, {"accept": LIN, "review": LIN}, {"review": WU}, {"assess": WU, "accept": LIN}])
def test_who_has_a_step_is_known_beside_who_acted_there_last(holders: dict[str, OfficerId]) -> None:
    state = CaseState(actors={"accept": (LIN,), "review": (LIN, WU)}, holders=holders)
    assert load(dump(state)) == state
    assert "h" not in dump(state._replace(holders={"accept": LIN, "review": WU}))


@pytest.mark.parametrize("holders", [{}, {"review": str(LIN)}])
def test_holders_that_an_earlier_release_spelt_out_are_read(holders: dict[str, str]) -> None:
    stored = {"s": "open", "p": "review", "ac": {"review": [str(WU)]}} | ({"h": holders} if holders else {})
    assert load(stored).holders == dict.fromkeys(holders, LIN)
    assert load(stored).actors == {"review": (WU,)}


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
