"""Parked work of a case is settled in one step with the case's own ledger; one case's limits never block another's."""

import pytest

from gov_portal.kernel import outbox, parking
from gov_portal.kernel.decisions import Decision, Way, WorkMoved
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.parking import ParkedWork
from tests.factories.town import Town
from workflows.services.errors import CaseUnknown
from workflows.services.mending import Mending
from workflows.services.timers import FIRE_TOPIC


def park(town: Town, topic: str) -> ParkedWork:
    """Park what waits under a topic, as a worker does at last."""
    with town.db.driver() as driver:
        row = driver.execute("SELECT id FROM kernel_outbox WHERE topic = %s", (topic,)).fetchone()
        driver.execute("UPDATE kernel_outbox SET available_at = now() WHERE id = %s", row)
    assert row is not None
    message = outbox.claim(town.db, row[0])
    assert message is not None
    outbox.park(town.db, message, error="ValueError")
    (found,) = parking.parked(town.db, ids=[row[0]])
    return found


def settle(town: Town, work: ParkedWork, way: Way) -> None:
    Mending(town.desk).settle(work, Decision(way, "部门接口改版"), by=town.leader)


def last_event(town: Town, case: CaseId) -> tuple[str, str]:
    with town.db.driver() as driver:
        sql = "SELECT kind, actor FROM kernel_ledger WHERE stream = %s ORDER BY seq DESC LIMIT 1"
        row = driver.execute(sql, (f"case:{case}",)).fetchone()
    assert row is not None
    return row


@pytest.fixture
def case(town: Town) -> CaseId:
    return town.accepted()


def test_the_sweep_tells_of_parked_work_and_not_that_the_case_is_stuck(town: Town, case: CaseId) -> None:
    park(town, "case.call")
    assert [(finding.case, finding.kind) for finding in town.cases.sweep()] == [(case, "parked")]


def test_resumed_work_of_a_case_is_tried_again(town: Town, case: CaseId) -> None:
    work = park(town, "case.call")
    settle(town, work, Way.RESUME)
    town.deliver_all()
    kinds = [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]
    assert "work-resumed" in kinds
    assert "answered" in kinds


def test_skipped_work_takes_the_items_own_road_and_is_signed_in_the_ledger(town: Town, case: CaseId) -> None:
    work = park(town, "case.call")
    settle(town, work, Way.SKIP)
    assert last_event(town, case) == ("mend", f"officer:{town.leader.officer}")
    (row,) = [row for row in town.cases.queue(town.checkers[0]) if row.step == "verify"]
    assert town.cases.work(case, row.task, by=town.checkers[0]).raised_reason == "unavailable"
    assert parking.parked(town.db) == ()
    entry = next(one for one in town.cases.view(case, by=town.leader).timeline if one.kind == "work-skipped")
    assert entry.detail["reason"] == "部门接口改版"


def test_what_operators_did_is_not_told_the_applicant(town: Town, case: CaseId) -> None:
    settle(town, park(town, "case.notice"), Way.ABANDON)
    seen = [entry.kind for entry in town.cases.view(case, by=town.citizen).timeline]
    assert "work-abandoned" not in seen


def test_abandoned_work_is_on_an_officers_desk(town: Town, case: CaseId) -> None:
    settle(town, park(town, "case.notice"), Way.ABANDON)
    (row,) = [row for row in town.cases.queue(town.window) if row.case == case]
    town.act(case, row.task, "confirm", by=town.window, reason="已当面送达")
    assert [row for row in town.cases.queue(town.window) if row.case == case] == []


def test_a_decision_that_comes_second_changes_nothing(town: Town, case: CaseId) -> None:
    work = park(town, "case.call")
    settle(town, work, Way.SKIP)
    before = last_event(town, case)
    with pytest.raises(WorkMoved):
        settle(town, work, Way.ABANDON)
    assert last_event(town, case) == before
    assert [row.step for row in town.cases.queue(town.checkers[0])].count("verify") == 1


def test_work_of_a_case_that_is_gone_cannot_be_signed_for(town: Town, case: CaseId) -> None:
    work = park(town, "case.call")
    with town.db.driver() as driver:
        driver.execute("DELETE FROM workflows_cases WHERE id = %s", (case,))
    with pytest.raises(CaseUnknown):
        settle(town, work, Way.SKIP)


def test_a_case_that_does_not_fire_becomes_an_errand_and_the_others_move(town: Town) -> None:
    damaged, *others = [town.submitted(town.newcomer()) for _ in range(3)]
    town.deliver_all()
    damage(town, damaged, b"\x01damaged")
    town.move("2026-03-10")
    assert town.cases.fire_due() == len(others)
    assert town.cases.fire_due() == 0
    (message,) = [message for topic, message in town.outbox() if topic == FIRE_TOPIC]
    assert message["case"] == str(damaged)


def test_a_case_that_can_be_read_again_is_fired_by_its_errand(town: Town) -> None:
    case = town.submitted()
    town.deliver_all()
    sound = damage(town, case, b"\x01damaged")
    town.move("2026-03-10")
    town.cases.fire_due()
    work = park(town, FIRE_TOPIC)
    damage(town, case, sound)
    assert town.cases.fire_due() == 0
    settle(town, work, Way.RESUME)
    message = outbox.claim(town.db, work.message.id)
    assert message is not None
    town.cases.fire(message)
    assert "deemed" in [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]


def damage(town: Town, case: CaseId, content: bytes) -> bytes:
    """Change a sealed group of a case; return what was there."""
    which = "WHERE case_id = %s AND field_group = 'applicant'"
    with town.db.driver() as driver:
        row = driver.execute(f"SELECT sealed FROM workflows_case_data {which}", (case,)).fetchone()
        driver.execute(f"UPDATE workflows_case_data SET sealed = %s {which}", (content, case))
    assert row is not None
    return row[0]
