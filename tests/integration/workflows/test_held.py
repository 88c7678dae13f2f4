"""A held act is refused at once or carried out once, and until then it can be undone."""

from collections import Counter
from uuid import UUID

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Officer
from tests.factories.town import Town, photo
from workflows.domain.checks import Check, Verdict, WantingReason
from workflows.domain.commands import ActOn, Mark
from workflows.engine.refusals import ReasonMissing, StaleTask
from workflows.services.checks import CheckBook, ChecksContradicted, ChecksLeftOut
from workflows.services.held import ActHeld, HeldActs, UndoTooLate, Wish
from workflows.services.jobs import PostLost

FIRST = TaskKey("accept.1")
OK = ActOn(FIRST, "ok")


@pytest.fixture
def book(town: Town) -> CheckBook:
    return CheckBook(town.desk)


@pytest.fixture
def held(town: Town, book: CheckBook) -> HeldActs:
    return HeldActs(town.desk, cases=town.cases, checks=book, undo_s=8)


def give(town: Town, held: HeldActs, case: CaseId, wish: Wish, *, by: Officer | None = None) -> bool:
    officer = by or town.window
    return held.act(town.cases.work(case, wish.command.task, by=officer), wish, by=officer)


def deliver(town: Town, held: HeldActs) -> list[UUID]:
    """Carry out what is held as if its seconds were over."""
    with town.db.driver() as driver:
        driver.execute("UPDATE kernel_outbox SET available_at = now() WHERE topic = 'desk.held'")
        ids = [row[0] for row in driver.execute("SELECT id FROM kernel_outbox WHERE topic = 'desk.held'").fetchall()]
    for one in ids:
        message = outbox.claim(town.db, one)
        assert message is not None
        held.deliver(message)
        outbox.settle(town.db, message)
    return ids


def acts_of(town: Town, case: CaseId) -> Counter[str]:
    return Counter(
        entry.detail["act"] for entry in town.cases.view(case, by=town.window).timeline if entry.kind == "acted"
    )


def test_a_held_act_changes_nothing_until_its_seconds_are_over(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    assert give(town, held, case, Wish(command=OK))
    assert acts_of(town, case) == {}
    (shown,) = held.mine(town.window)
    assert (shown.case, shown.act_label, shown.may_undo, shown.refused_as) == (case, "受理", True, "")
    assert 0 < shown.seconds <= 8
    assert held.under_way([case]) == {(case, FIRST)}
    assert len(deliver(town, held)) == 1
    assert acts_of(town, case) == {"ok": 1}
    assert held.mine(town.window) == ()
    assert held.under_way([case]) == frozenset()


def test_the_worker_leaves_it_alone_before(town: Town, held: HeldActs) -> None:
    give(town, held, town.submitted(), Wish(command=OK))
    with town.db.driver() as driver:
        (message_id,) = driver.execute("SELECT id FROM kernel_outbox WHERE topic = 'desk.held'").fetchone()
    assert outbox.claim(town.db, message_id) is None


def test_an_undone_act_never_happens(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    give(town, held, case, Wish(command=OK))
    (shown,) = held.mine(town.window)
    assert held.undo(shown.id, by=town.window) == (case, FIRST)
    deliver(town, held)
    assert acts_of(town, case) == {}
    with pytest.raises(UndoTooLate):
        held.undo(shown.id, by=town.window)


def test_only_whoever_gave_it_may_undo_it(town: Town, held: HeldActs) -> None:
    give(town, held, town.submitted(), Wish(command=OK))
    (shown,) = held.mine(town.window)
    with pytest.raises(UndoTooLate):
        held.undo(shown.id, by=town.leader)
    assert held.mine(town.leader) == ()


def test_what_a_worker_has_begun_cannot_be_undone(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    give(town, held, case, Wish(command=OK))
    with town.db.driver() as driver:
        driver.execute("UPDATE workflows_held_acts SET claimed_at = now()")
    (shown,) = held.mine(town.window)
    assert not shown.may_undo
    with pytest.raises(UndoTooLate):
        held.undo(shown.id, by=town.window)
    # the worker died before it acted: another one takes the row over
    deliver(town, held)
    assert acts_of(town, case) == {"ok": 1}


def test_a_worker_lost_after_the_act_does_not_act_twice(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    give(town, held, case, Wish(command=OK))
    (shown,) = held.mine(town.window)
    town.cases.act(case, OK, by=town.window, key=f"held:{shown.id}")
    deliver(town, held)
    assert acts_of(town, case) == {"ok": 1}
    assert held.mine(town.window) == ()


def test_everything_that_would_be_refused_is_refused_at_once(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    with pytest.raises(ReasonMissing):
        give(town, held, case, Wish(command=ActOn(FIRST, "refuse")))
    town.act(case, "accept.1", "ok", by=town.window)
    town.deliver_all()
    with pytest.raises(InvalidFields):
        give(town, held, case, Wish(command=ActOn(TaskKey("assess.1"), "done")), by=town.assessor)
    assert held.mine(town.window) == ()
    assert held.mine(town.assessor) == ()


def test_filled_fields_and_marks_arrive_as_they_were_typed(town: Town, held: HeldActs) -> None:
    case = town.accepted()
    town.deliver_all()
    fields = {"assess.kind": "hearing", "assess.level": "2"}
    report = town.cases.attach(case, "assess.report", photo(), claimed_type="image/png", by=town.assessor)
    command = ActOn(TaskKey("assess.1"), "done", {**fields, "assess.report": str(report)})
    give(town, held, case, Wish(command=command), by=town.assessor)
    deliver(town, held)
    found = {one.path: one.value for one in town.cases.view(case, by=town.citizen).fields}
    assert (found["assess.kind"], found["assess.level"]) == ("hearing", 2)


def test_what_became_impossible_is_told_to_whoever_gave_it(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    give(town, held, case, Wish(command=OK))
    town.cases.withdraw(case, by=town.citizen)
    deliver(town, held)
    (shown,) = held.mine(town.window)
    assert (shown.may_undo, shown.refused_as) == (False, "case.stale-task")
    held.read_on(shown.id, by=town.leader)
    assert len(held.mine(town.window)) == 1
    held.read_on(shown.id, by=town.window)
    assert held.mine(town.window) == ()


def test_who_has_lost_the_post_is_told_too(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    give(town, held, case, Wish(command=OK))
    town.doubles.officers.posts.remove(town.window)
    deliver(town, held)
    (shown,) = held.mine(town.window)
    assert shown.refused_as == PostLost.code


def test_one_task_holds_one_act(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    colleague = town.doubles.officers.add("window.2", org="dept.subdistrict", role="window")
    give(town, held, case, Wish(command=OK))
    with pytest.raises(ActHeld):
        give(town, held, case, Wish(command=ActOn(FIRST, "refuse", reason="not ours")), by=colleague)


def test_a_form_that_is_sent_twice_is_held_once(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    for _ in range(2):
        give(town, held, case, Wish(command=OK, key="one"))
    assert len(held.mine(town.window)) == 1
    assert len(deliver(town, held)) == 1


def test_what_is_held_lies_sealed(town: Town, held: HeldActs) -> None:
    case = town.submitted()
    give(town, held, case, Wish(command=ActOn(FIRST, "refuse", reason="a most personal matter")))
    with town.db.driver() as driver:
        (sealed,) = driver.execute("SELECT sealed FROM workflows_held_acts").fetchone()
        (payload,) = driver.execute("SELECT payload::text FROM kernel_outbox WHERE topic = 'desk.held'").fetchone()
    assert b"personal" not in sealed
    assert "personal" not in payload


def test_without_seconds_acts_take_effect_at_once(town: Town, book: CheckBook) -> None:
    held = HeldActs(town.desk, cases=town.cases, checks=book, undo_s=0)
    case = town.submitted()
    assert not give(town, held, case, Wish(command=OK, key="one"))
    assert acts_of(town, case) == {"ok": 1}


def test_an_act_against_ones_own_notes_needs_a_second_word(town: Town, held: HeldActs, book: CheckBook) -> None:
    case = town.submitted()
    work = town.cases.work(case, FIRST, by=town.window)
    cause, photo = "claim.cause", "applicant.photo"
    wanting = Check(Verdict.WANTING, WantingReason.UNREADABLE)
    book.keep(work, {cause: wanting, photo: wanting}, by=town.window)
    with pytest.raises(ChecksContradicted) as warned:
        held.act(work, Wish(command=OK), by=town.window)
    assert warned.value.targets == (photo, cause)
    one = ActOn(FIRST, "supplement", marks=(Mark(cause, "too short"),))
    with pytest.raises(ChecksLeftOut):
        held.act(work, Wish(command=one), by=town.window)
    # sending away for another reason contradicts no note
    town.cases.rehearse(case, ActOn(FIRST, "refuse", reason="not ours"), by=town.window)
    assert held.act(work, Wish(command=OK, is_insisted=True), by=town.window)


def test_a_rehearsal_changes_nothing(town: Town) -> None:
    case = town.submitted()
    town.cases.rehearse(case, OK, by=town.window)
    assert acts_of(town, case) == {}
    town.act(case, "accept.1", "ok", by=town.window)
    with pytest.raises(StaleTask):
        town.cases.rehearse(case, OK, by=town.window)
