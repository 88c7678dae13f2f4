"""Several sign one step: the result closes it, silence may agree, and signers come and go."""

import pytest

from tests.factories.cases import APPLICANT, PLATFORM, Story, item_from, officer_id
from workflows.domain.commands import ActOn, Begin, ChangeSigners, Claim, Due, Result, ResultKind, Submit
from workflows.domain.state import Status, TaskKind
from workflows.engine.codec import dump, load
from workflows.engine.refusals import NotPermitted, NotYourTask, SignersFixed, SignerUnknown, StaleTask

GIVEN = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.photo": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "applicant.site": "police",
    "claim.kind": "limb",
    "claim.rooms": (("东间",), ("西间",)),
}
ROUTED = {"route.asked": ("health", "civil"), "route.officer": str(officer_id("checker.2")), "verdict.grade": "g1"}


def story(**changes: object) -> Story:
    """Return a case that was submitted."""
    told = Story(item_from("signing.yaml"))
    given = {**GIVEN, **{name.replace("__", "."): value for name, value in changes.items()}}
    told.give(Begin(), APPLICANT)
    told.give(Submit(given), APPLICANT)
    return told


def act(told: Story, key: str, act_id: str, fields: dict[str, object] | None = None) -> None:
    """Act on a task as whoever holds its post."""
    task = told.state.tasks[key]  # type: ignore[index]
    told.give(ActOn(task.key, act_id, fields or {}, "因为"), told.officer(task.role))


def at_race(**changes: object) -> Story:
    """Return a case that stands in the block whose first branch wins."""
    told = story(**changes)
    act(told, "accept.1.1", "ok")
    act(told, "route.1", "done", {**ROUTED})
    act(told, "visit.1", "ok")
    for key in [key for key in told.state.tasks if key.startswith("rooms")]:
        act(told, key, "ok")
    return told


def at_named() -> Story:
    """Return a case in which three departments sign."""
    told = at_race()
    told.give(Result("draft", 1, ResultKind.DONE), PLATFORM)
    act(told, "fast.1", "ok")
    return told


def open_keys(told: Story) -> list[str]:
    return sorted(told.state.tasks)


def test_any_of_several_roles_may_do_a_step_and_it_is_done_for_all() -> None:
    told = story()
    assert open_keys(told) == ["accept.1.1", "accept.1.2"]
    act(told, "accept.1.2", "ok")
    assert told.values["accept.role"] == "checker"
    assert open_keys(told) == ["route.1"]


def test_what_a_colleague_of_another_role_has_taken_is_theirs() -> None:
    told = story()
    told.give(Claim("accept.1.1"), told.officer("window"))  # type: ignore[arg-type]
    with pytest.raises(NotYourTask):
        act(told, "accept.1.2", "ok")
    act(told, "accept.1.1", "ok")
    assert told.values["accept.role"] == "window"


def test_several_roles_share_one_limit_and_one_deemed_act() -> None:
    told = story()
    told.give(Due(), PLATFORM, on="2026-03-20 09:00")
    assert told.values["accept.act"] == "ok"
    assert open_keys(told) == ["route.1"]


def test_a_field_chooses_the_department() -> None:
    told = story(applicant__site="health")
    act(told, "accept.1.1", "ok")
    act(told, "route.1", "done", {**ROUTED})
    task = told.state.tasks["visit.1"]  # type: ignore[index]
    assert (task.role, task.org) == ("health", "dept.health")


def test_a_field_names_the_officer_who_gets_the_work() -> None:
    told = at_named()
    for key in ("named.1.health", "named.1.police", "chosen.1.health", "chosen.1.civil"):
        act(told, key, "ok")
    assert told.state.tasks["work.1"].officer == officer_id("checker.2")  # type: ignore[index]


def test_every_row_is_signed_and_no_rows_pass_at_once() -> None:
    told = story()
    act(told, "accept.1.1", "ok")
    act(told, "route.1", "done", {**ROUTED})
    act(told, "visit.1", "ok")
    assert [key for key in open_keys(told) if "rooms" in key] == ["rooms.1.1", "rooms.1.2"]
    assert load(dump(told.state)) == told.state
    empty = at_race(claim__rooms=())
    assert empty.values["rooms.act"] == "ok"
    assert "left.1" in open_keys(empty)


def test_the_first_branch_wins_and_the_others_are_cancelled_and_undone() -> None:
    told = at_race()
    assert open_keys(told) == ["left.1"]
    told.give(Result("draft", 1, ResultKind.DONE), PLATFORM)
    act(told, "left.1", "ok")
    told.give(Due(), PLATFORM, on="2026-03-12 09:00")
    act(told, "slow.1", "ok")
    assert told.last is not None
    assert [(one.kind, one.step) for one in told.last.effects] == [("undo", "draft")]
    assert [one.step for one in told.last.happenings if one.kind == "cancelled"] == ["fast"]
    assert {task.step for task in told.state.tasks.values()} == {"named"}


def test_the_winner_keeps_what_it_issued() -> None:
    told = at_named()
    assert told.state.issued == (("draft", 1),)
    assert told.state.pending_undos == ()
    assert told.state.visits["race"] == 1


def test_two_of_three_decide_and_the_third_falls_away() -> None:
    told = at_named()
    assert {task.kind for task in told.state.tasks.values()} == {TaskKind.SIGN}
    act(told, "named.1.health", "ok")
    act(told, "named.1.civil", "ok")
    assert told.values["named.act"] == "ok"
    assert told.values["named.health.act"] == "ok"
    assert open_keys(told) == ["chosen.1.civil", "chosen.1.health"]


def test_when_two_can_no_longer_agree_the_else_act_returns() -> None:
    told = at_named()
    act(told, "named.1.health", "object")
    act(told, "named.1.civil", "object")
    assert told.state.returned_from == "named"
    assert told.state.visits["race"] == 1
    told.give(Result("draft", 1, ResultKind.DONE, is_undo=True), PLATFORM)
    assert told.state.visits["race"] == 2


def test_silence_agrees_where_the_item_says_so_and_stands_where_not() -> None:
    told = at_named()
    told.give(Due(), PLATFORM, on="2026-04-20 09:00")
    assert told.values["named.act"] == "ok"
    assert {task.step for task in told.state.tasks.values()} == {"chosen"}
    told.give(Due(), PLATFORM, on="2026-06-20 09:00")
    assert {task.step for task in told.state.tasks.values()} == {"chosen"}


def test_signers_are_added_and_taken_away_while_the_step_is_open() -> None:
    told = at_named()
    leader = told.officer("leader")
    told.give(ChangeSigners("named", add="window", reason="属地"), leader)
    told.give(ChangeSigners("named", remove="civil", reason="不涉及"), leader)
    assert open_keys(told) == ["named.1.health", "named.1.police", "named.1.window"]
    act(told, "named.1.window", "ok")
    act(told, "named.1.police", "ok")
    assert told.values["named.act"] == "ok"


def test_taking_the_last_who_disagreed_away_may_decide() -> None:
    told = at_named()
    for key in ("named.1.health", "named.1.police"):
        act(told, key, "ok")
    act(told, "chosen.1.health", "ok")
    told.give(ChangeSigners("chosen", remove="civil", reason="不涉及"), told.officer("leader"))
    assert told.values["chosen.act"] == "ok"
    assert open_keys(told) == ["work.1"]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        pytest.param(ChangeSigners("named", add="nobody", reason="x"), SignerUnknown, id="no such role"),
        pytest.param(ChangeSigners("named", add="health", reason="x"), SignerUnknown, id="signs already"),
        pytest.param(ChangeSigners("named", reason="x"), SignerUnknown, id="nothing changes"),
        pytest.param(ChangeSigners("chosen", add="window", reason="x"), SignersFixed, id="not open"),
        pytest.param(ChangeSigners("approve", add="window", reason="x"), SignersFixed, id="nobody signs there"),
        pytest.param(ChangeSigners("nowhere", add="window", reason="x"), SignersFixed, id="no such step"),
    ],
)
def test_other_changes_of_signers_are_refused(command: ChangeSigners, refusal: type[Exception]) -> None:
    told = at_named()
    with pytest.raises(refusal):
        told.give(command, told.officer("leader"))


def test_only_whom_the_item_lets_changes_signers() -> None:
    told = at_named()
    with pytest.raises(NotPermitted):
        told.give(ChangeSigners("named", add="window", reason="x"), told.officer("checker"))


def test_nobody_signs_twice_or_for_another_department() -> None:
    told = at_named()
    with pytest.raises(NotYourTask):
        told.give(ActOn("named.1.health", "ok"), told.officer("police"))  # type: ignore[arg-type]
    act(told, "named.1.health", "ok")
    with pytest.raises(StaleTask):
        told.give(ActOn("named.1.health", "ok"), told.officer("health"))  # type: ignore[arg-type]
    assert told.state.status is Status.OPEN
