"""The benchmark judges as its goals say, writes what programs read, and calls a run void when a client drops out."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bench.goals import GOALS, Figures, RunVoid, judge
from bench.measures import MEASURES
from bench.report import Sitting, as_json, as_markdown
from bench.sitting import Peer
from bench.suite import after

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
MUSTS = {goal.id: goal.must for goal in GOALS}


def a_sitting(values: dict[str, float], *, void: tuple[str, ...] = ()) -> Sitting:
    return Sitting(began_at=NOON, form="full", verdicts=judge(values, reasons={}), medians=(), void=void)


def everything(**changed: float) -> dict[str, float]:
    """Return values that reach every must exactly."""
    return {goal: 1.0 if must is None else must for goal, must in MUSTS.items()} | {
        goal.replace("_", "-"): value for goal, value in changed.items()
    }


def test_every_goal_has_a_name_of_its_own() -> None:
    assert len(MUSTS) == len(GOALS)


def test_every_goal_is_reported_by_one_measure() -> None:
    promised = [goal for _, goals in MEASURES.values() for goal in goals]
    assert sorted(promised) == sorted(MUSTS)


def test_values_that_reach_every_must_pass() -> None:
    assert a_sitting(everything()).is_passed


@pytest.mark.parametrize(
    "missed",
    [{"share_one": 0.49}, {"growth_step": 25.1}, {"timers_lost": 1.0}],
    ids=["too little", "too much", "one lost"],
)
def test_one_missed_must_fails_the_sitting_and_stands_in_the_table(missed: dict[str, float]) -> None:
    sitting = a_sitting(everything(**missed))
    assert not sitting.is_passed
    assert as_markdown(sitting).count("MISSED") == 1


def test_a_goal_that_nobody_measured_fails_the_sitting() -> None:
    values = everything()
    del values["lint-one"]
    sitting = a_sitting(values)
    assert not sitting.is_passed
    assert "MISSING: not measured" in as_markdown(sitting)


def test_a_void_run_fails_the_sitting_and_stands_above_the_table() -> None:
    sitting = a_sitting(everything(), void=("peers: dbos dropped out",))
    assert not sitting.is_passed
    assert as_markdown(sitting).index("VOID: peers: dbos dropped out") < as_markdown(sitting).index("| goal")


def test_programs_read_a_list_of_goals() -> None:
    goals = {one["id"]: one for one in json.loads(as_json(a_sitting({"share-one": 0.6, "growth-step": 30.0})))}
    assert goals["share-one"] | {"words": ""} == {
        "id": "share-one",
        "words": "",
        "value": 0.6,
        "unit": "of floor",
        "must": 0.5,
        "aim": 0.8,
        "is_least": True,
        "met": True,
        "aim_met": False,
        "reason": "",
    }
    assert (goals["growth-step"]["met"], goals["lint-one"]["met"]) == (False, False)


def test_a_value_of_no_goal_is_refused() -> None:
    with pytest.raises(KeyError, match="speed"):
        judge({"speed": 1.0}, reasons={})


def a_peer(answers: str) -> Peer:
    """Return a peer that reads one line and says what it is told to."""
    program = f"input(); print({answers!r}, end='')"
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return Peer("peer", process, "")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [('{"finished": 9, "seconds": 1.0}\n', "finished 9 of 10 cases"), ("", "dropped out")],
    ids=["fewer results", "no answer"],
)
def test_a_peer_that_does_less_than_it_was_asked_voids_the_run(answer: str, reason: str) -> None:
    peer = a_peer(answer)
    with peer.process, pytest.raises(RunVoid, match=reason):
        peer.run(10)


def test_a_peer_that_does_everything_counts_its_commits() -> None:
    peer = a_peer('{"finished": 10, "seconds": 2.0}\n')
    with peer.process:
        assert peer.run(10) == 30.0


def test_a_measure_that_broke_off_is_void_whatever_it_wrote_before() -> None:
    assert after(1, "Traceback\nRunVoid: dbos dropped out", found=Figures({"lint-one": 3.0})) == (
        "Traceback / RunVoid: dbos dropped out"
    )
    assert after(0, "", found=None) == "ended without a result"
    assert after(0, "a warning", found=Figures({"lint-one": 3.0})) == Figures({"lint-one": 3.0})
