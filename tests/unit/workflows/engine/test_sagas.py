"""What departments were made to do is undone in reverse when a jump leaves it."""

from functools import lru_cache

from tests.factories.cases import APPLICANT, REGION, Story, at, shipped_item
from workflows.domain.commands import WithdrawCase
from workflows.domain.definition import Definition
from workflows.domain.state import Status

SITE = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.region": REGION,
    "site.name": "样例楼",
    "site.place": "样例路1号",
    "site.project": "P-1",
    "site.use": "office",
    "site.area": 800,
    "site.floors": 3,
    "delivery.way": "pickup",
    "materials.land": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "materials.drawings": "9d9f1d4e-8b39-4d58-9b5c-222222222222",
}
REVIEWS = ("structure", "planning", "fire", "ecology", "water", "defence")


@lru_cache(maxsize=1)
def permit() -> Definition:
    return shipped_item("construction-permit")


def reviewed() -> Story:
    story = Story(permit())
    story.apply_with({path: value for path, value in SITE.items() if not path.startswith("materials.")})
    story.act("accept", "ok")
    story.result("code")
    for step in REVIEWS:
        story.act(step, "ok")
    story.result("sample", fields={"lab.passed": True})
    story.act("inspect", "good", fields={"visit.found": "合格"})
    story.act("consult", "skip")
    return story


def test_a_return_releases_the_code_before_the_block_begins_anew() -> None:
    story = reviewed()
    transition = story.act("review", "redo")
    assert [(e.step, e.detail["undo"]) for e in transition.effects if e.kind == "undo"] == [("code", "housing.release")]
    assert not story.state.active
    story.result("code", is_undo=True)
    assert {active.step for active in story.state.active} == {"joint", *REVIEWS, "code"}


def test_a_withdrawal_undoes_the_latest_first() -> None:
    story = reviewed()
    story.act("review", "ok")
    story.act("approve", "ok")
    story.result("fee", "found")
    story.result("fee")
    story.give(WithdrawCase(), APPLICANT)
    assert story.state.status is Status.CLOSED
    assert story.state.pending_undos == (("fee", 1), ("code", 1))


def test_a_code_that_comes_after_the_withdrawal_is_released() -> None:
    story = Story(permit())
    story.apply_with({path: value for path, value in SITE.items() if not path.startswith("materials.")})
    story.act("accept", "ok")
    story.give(WithdrawCase(), APPLICANT)
    story.result("code", visit=1)
    assert story.state.pending_undos == (("code", 1),)


def test_who_was_denied_is_reminded_before_the_time_for_a_review_ends() -> None:
    story = reviewed()
    story.act("review", "ok")
    story.act("approve", "deny")
    # Sixty days after 2 March end with 1 May, a holiday, so with 6 May; a week before is the morning of 29 April.
    assert story.state.timers["remind-7d:appeal"] == at("2026-04-29 09:00")
    story.due("2026-04-29 09:00")
    assert story.kinds() == ["reminded"]
    assert story.last is not None
    assert [effect.detail["code"] for effect in story.last.effects] == ["case.appeal-ends"]
    assert not story.state.timers
