"""The judge of a chaos run sees what is lost, doubled, out of order or ended too early, and its plan spares nobody."""

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.chaos import run
from tests.chaos.checking import Outside, found_in
from tests.chaos.clients import Asked, Book, Matter
from tests.chaos.plan import LEAP, PROCESSES, plan
from tests.chaos.reference import Told
from workflows.domain.definition import Definition
from workflows.domain.state import Happening
from workflows.dsl.lint import compile_text
from workflows.storage.lists import Event

ITEM = Path(__file__).parents[2] / "chaos" / "items" / "plain.yaml"
AT = datetime(2026, 3, 2, tzinfo=UTC)
CASE = "c-1"
STORY = (
    ("submit", [("submitted", "apply", 1, {})]),
    ("result", [("answered", "known", 1, {"result": "found"})]),
    ("result", [("answered", "code", 1, {"result": "done"})]),
    ("act-on", [("acted", "look", 1, {"act": "ok"})]),
    ("act-on", [("acted", "approve", 1, {"act": "ok"})]),
    ("due", [("elapsed", "rest", 1, {})]),
    ("result", [("delivered", "deliver", 1, {}), ("closed", "done", 1, {"outcome": "granted"})]),
)
ASKED = (("apply", "submit"), ("look", "ok"), ("approve", "ok"))


@pytest.fixture(scope="module")
def plain() -> Definition:
    return compile_text(ITEM.read_text("utf-8"), ITEM.name)


def findings(definition: Definition, story=STORY, *, asked=ASKED, taken=("housing.project", "post.shipment")) -> str:
    """Return all that the judge says of a case, in one text."""
    told = Told(definition)
    events = [
        Event(seq, kind, AT, "", tuple(Happening(name, AT, *rest) for name, *rest in happened), {})
        for seq, (kind, happened) in enumerate(story, start=1)
    ]
    told.take(events)
    outside = Outside()
    for resource, key in zip(taken, (f"{CASE}:code:1:call", f"{CASE}:deliver:1:send"), strict=False):
        outside.note(resource, key)
    outside.messages.update({f"{CASE} case.received": 1, f"{CASE} case.closed": 1})
    matter = Matter(1, CASE, asked=[Asked(step, act, is_taken=True) for step, act in asked])
    return "\n".join(found_in(matter, told, outside))


def without(place: int) -> tuple:
    return STORY[:place] + STORY[place + 1 :]


def test_a_case_that_came_through_is_nothing_to_speak_of(plain: Definition) -> None:
    assert findings(plain) == ""


@pytest.mark.parametrize("place", range(1, len(STORY) - 1))
def test_a_step_that_is_left_out_is_seen(plain: Definition, place: int) -> None:
    assert "was done while" in findings(plain, without(place)) or "it was closed as" in findings(plain, without(place))


@pytest.mark.parametrize("place", range(1, len(STORY) - 1))
def test_a_step_that_is_done_twice_is_seen(plain: Definition, place: int) -> None:
    assert "was done while" in findings(plain, (*STORY[: place + 1], *STORY[place:]))


def test_a_case_that_stays_open_is_seen(plain: Definition) -> None:
    assert "still open at ['deliver']" in findings(plain, STORY[:-1])


def test_a_command_that_was_acknowledged_and_is_gone_is_seen(plain: Definition) -> None:
    assert "submit apply was acknowledged 1 more times" in findings(plain, asked=(*ASKED, ("apply", "submit")))


def test_a_command_that_nobody_gave_is_seen(plain: Definition) -> None:
    assert "ok approve happened 1 more times" in findings(plain, asked=ASKED[:2])


@pytest.mark.parametrize(
    ("taken", "finding"),
    [
        (("housing.project",), "post.shipment was taken for visits [], expected [1]"),
        (("housing.release", "post.shipment"), "housing.release was taken for visits [1], expected []"),
    ],
    ids=["a parcel that was not sent", "a release that nobody asked for"],
)
def test_what_a_department_took_too_little_or_too_much_is_seen(plain: Definition, taken, finding: str) -> None:
    assert finding in findings(plain, taken=taken)


def test_the_same_seed_makes_the_same_trouble_and_spares_nobody() -> None:
    troubles = plan(7, cases=500, kills=30)
    assert troubles == plan(7, cases=500, kills=30) != plan(8, cases=500, kills=30)
    killed = [trouble.target for trouble in troubles if trouble.kind == "kill"]
    assert {name: killed.count(name) for name in PROCESSES} == dict.fromkeys(PROCESSES, 5)
    assert [trouble.kind for trouble in troubles].count(LEAP) == 1
    assert troubles[0].after > 0
    assert troubles[-1].after < 500


def test_no_run_ends_before_the_last_command_has_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "time", Mock(monotonic=Mock(return_value=0.0)))
    book = Book(seed=7, cases=1)
    looks: list[int] = []

    def look() -> int:
        looks.append(book.unanswered)
        if len(looks) == 3:
            asking.__exit__(None, None, None)
        return 0

    stage = Mock(hurry=Mock(side_effect=look), count=Mock(return_value=0))
    asking = book.awaited()
    asking.__enter__()
    run._settle(stage, book)
    assert looks == [1, 1, 1]
    stage.move_clock.assert_not_called()
