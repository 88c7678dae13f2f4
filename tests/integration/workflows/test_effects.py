"""Effects leave the outbox with their result, exactly once, whatever is down or dies."""

from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.ledger import FindingKind, verify
from tests.factories.town import ADULT, Town
from workflows.domain.commands import ActOn
from workflows.domain.state import Status, TaskKind
from workflows.services.register import CaseRegister


def waiting(town: Town) -> list[str]:
    return [topic for topic, _ in town.outbox()]


def approved(town: Town) -> CaseId:
    case = town.reviewed()
    town.deliver_all()
    town.act(case, "approve.1", "ok", by=town.leader)
    return case


def test_a_command_asks_for_its_effects_in_its_own_transaction(town: Town) -> None:
    case = town.submitted()
    assert waiting(town) == ["case.tell"]
    town.act(case, "accept.1", "ok", by=town.window)
    assert sorted(waiting(town)) == ["case.call", "case.notice", "case.tell"]
    town.deliver_all()
    assert waiting(town) == []
    assert town.doubles.messages.codes == ["case.received"]


def test_payloads_hold_ids_and_names_only(town: Town) -> None:
    case = town.submitted()
    town.act(case, "accept.1", "refuse", by=town.window, reason="样例申请不属于职权")
    text = str(town.outbox())
    for secret in ("样例", ADULT, "noise at work", "12000000001"):
        assert secret not in text


def test_a_message_that_is_delivered_twice_counts_once(town: Town) -> None:
    case = town.accepted()
    messages = [outbox.claim(town.db, one) for one in outbox.due(town.db, 10)]
    (call,) = [one for one in messages if one is not None and one.topic == "case.call"]
    town.effects.deliver(call)
    with pytest.raises(outbox.ClaimLost):
        town.effects.deliver(call)
    asked = [request for request in town.doubles.exchange.asked if request.match]
    assert {request.idempotency_key for request in asked} == {f"{case}:verify:1:call:1"}
    kinds = [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]
    assert kinds.count("answered") == 1


def test_a_department_that_is_down_pauses_the_step_tells_the_citizen_and_resumes(town: Town) -> None:
    case = town.submitted()
    town.act(case, "accept.1", "ok", by=town.window)
    town.doubles.exchange.down.add("police.person")
    for one in outbox.due(town.db, 10):
        message = outbox.claim(town.db, one)
        if message is not None:
            town.effects.deliver(message)
    view = town.cases.view(case, by=town.citizen)
    assert [(one.kind, one.step) for one in view.standstills if one.kind == "unavailable"] == [
        ("unavailable", "verify")
    ]
    town.doubles.exchange.down.clear()
    town.deliver_all()
    view = town.cases.view(case, by=town.citizen)
    assert [one for one in view.standstills if one.kind == "unavailable"] == []
    assert {"case.unavailable", "case.available"} <= set(town.doubles.messages.codes)


def test_a_department_that_stays_down_gets_an_officer_in_the_end(town: Town) -> None:
    case = town.submitted()
    town.act(case, "accept.1", "ok", by=town.window)
    town.doubles.exchange.down.add("police.person")
    town.deliver_all()
    (row,) = [row for row in town.cases.queue(town.checkers[0]) if row.step == "verify"]
    work = town.cases.work(case, row.task, by=town.checkers[0])
    assert (work.raised_reason, [act.id for act in work.acts]) == ("unavailable", ["confirm"])
    town.act(case, row.task, "confirm", by=town.checkers[0], reason="电话核实无误")


def test_a_mismatch_raises_a_task(town: Town) -> None:
    record = town.doubles.exchange.records["police.person"]
    case = town.submitted()
    record[ADULT] = {**record[ADULT], "name": "别名"}
    town.act(case, "accept.1", "ok", by=town.window)
    town.deliver_all()
    (row,) = [row for row in town.cases.queue(town.checkers[0]) if row.step == "verify"]
    assert town.cases.work(case, row.task, by=town.checkers[0]).raised_reason == "mismatch"


def test_the_licence_prints_what_the_item_names_in_order(town: Town) -> None:
    approved(town)
    town.deliver_all()
    ((request, _),) = town.doubles.licences.issued.values()
    name, number, photo, guardian, kind, grade = request.given
    assert (name, number, guardian, kind, grade) == ("样例", ADULT, "", "hearing", "g2")
    assert photo
    assert request.seal == "dept.cdpf"


def test_an_issue_that_fails_is_tried_again_and_never_doubled(town: Town) -> None:
    case = approved(town)
    town.doubles.licences.is_down = True
    ids = outbox.due(town.db, 10)
    for one in ids:
        message = outbox.claim(town.db, one)
        if message is not None:
            town.effects.deliver(message)
    town.doubles.licences.is_down = False
    town.deliver_all()
    assert len(town.doubles.licences.issued) == 1
    assert town.cases.view(case, by=town.citizen).licence is not None


def test_notices_carry_reason_marks_and_remedies(town: Town) -> None:
    case = town.submitted()
    town.supplement(case, "claim.cause", "guard_doc")
    town.deliver_all()
    (notice,) = town.doubles.notices.made
    assert notice.document == "补正告知书"
    assert [reason for _, reason in notice.facts["marks"]] == ["unclear claim.cause", "unclear guard_doc"]
    assert notice.facts["marks"][1][0] == "监护关系证明"
    assert str(notice.facts["due_on"]) == "2026-04-01"
    assert (notice.applicant_name, notice.authority) == ("样例", "dept.subdistrict 470101")
    (document,) = town.cases.view(case, by=town.citizen).documents
    assert town.cases.file(case, document.file, by=town.citizen)[0] == "application/pdf"


def test_a_refusal_notice_names_the_remedies(town: Town) -> None:
    case = town.submitted()
    town.act(case, "accept.1", "refuse", by=town.window, reason="不属于职权")
    town.deliver_all()
    (notice,) = town.doubles.notices.made
    assert (notice.document, notice.facts["reason"]) == ("不予受理决定书", "不属于职权")
    assert notice.facts["remedies"] == ("行政复议", "行政诉讼")
    assert town.cases.view(case, by=town.citizen).status is Status.CLOSED


def test_deemed_acceptance_fires_by_itself_with_effect_from_receipt(town: Town) -> None:
    case = town.submitted()
    town.move("2026-03-10")
    assert town.cases.fire_due() == 1
    assert town.cases.fire_due() == 0
    view = town.cases.view(case, by=town.citizen)
    assert view.clock is not None
    assert str(view.clock.started_on) == "2026-03-02"
    (deemed,) = [entry for entry in view.timeline if entry.kind == "deemed"]
    assert deemed.at == datetime.fromisoformat("2026-03-10T00:00+08:00")


def test_two_ticks_fire_a_timer_once(town: Town) -> None:
    case = town.submitted()
    town.move("2026-03-10")
    with town.db.begin() as uow:
        uow.driver.execute("SELECT 1 FROM workflows_cases WHERE id = %s FOR UPDATE", (case,))
        assert town.cases.fire_due() == 0
    assert town.cases.fire_due() == 1


def test_a_case_that_somebody_is_writing_keeps_none_from_firing_with_it(town: Town) -> None:
    written, *others = [town.submitted(town.newcomer()) for _ in range(3)]
    town.move("2026-03-10")
    with town.db.begin() as uow:
        uow.driver.execute("SELECT 1 FROM workflows_cases WHERE id = %s FOR UPDATE", (written,))
        assert town.cases.fire_due() == len(others)
    assert town.cases.fire_due() == 1


def test_cards_are_events_and_the_case_goes_on(town: Town) -> None:
    case = town.accepted()
    town.deliver_all()
    town.move("2026-03-18")
    town.cases.fire_due()
    kinds = [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]
    assert "yellow-card" in kinds and "red-card" in kinds
    assert "red-card" not in [entry.kind for entry in town.cases.view(case, by=town.citizen).timeline]
    town.assess(case)


def test_the_sweep_finds_a_case_that_nothing_will_move(town: Town) -> None:
    case = town.submitted()
    town.deliver_all()
    assert town.cases.sweep() == []
    with town.db.driver() as driver:
        driver.execute("DELETE FROM workflows_tasks WHERE case_id = %s", (case,))
    assert [(finding.case, finding.kind) for finding in town.cases.sweep()] == [(case, "stuck")]


def test_a_card_that_cannot_be_made_of_the_case_goes_to_a_person(town: Town) -> None:
    case = approved(town)
    town.doubles.licences.refuses = True
    town.deliver_all()
    assert "case.issue" not in waiting(town)
    assert town.doubles.licences.issued == {}
    (task,) = [row for row in town.cases.queue(town.leader) if row.case == case]
    assert (task.step, task.kind) == ("issue", TaskKind.RAISED)


def test_the_sweep_finds_a_card_that_nobody_makes_although_its_warnings_still_come(town: Town) -> None:
    case = approved(town)
    assert town.cases.sweep() == []
    with town.db.driver() as driver:
        driver.execute("DELETE FROM kernel_outbox")
    assert [(finding.case, finding.kind) for finding in town.cases.sweep()] == [(case, "stuck")]


def test_the_sweep_finds_one_lost_task_among_others(town: Town) -> None:
    case = town.publicised()
    town.move("2026-03-11")
    town.cases.fire_due()
    town.deliver_all()
    assert town.cases.sweep() == []
    with town.db.driver() as driver:
        driver.execute("DELETE FROM workflows_tasks WHERE case_id = %s AND key = 'review.1.2'", (case,))
    assert (case, "torn") in [(finding.case, finding.kind) for finding in town.cases.sweep()]


def test_the_sweep_finds_work_that_nobody_can_do(town: Town) -> None:
    case = town.submitted()
    town.doubles.officers.posts.remove(town.window)
    assert (case, "unstaffed") in [(finding.case, finding.kind) for finding in town.cases.sweep()]


def test_the_ledger_of_a_whole_case_verifies(town: Town) -> None:
    case = approved(town)
    town.deliver_all()
    town.cases.act(case, ActOn(TaskKey("deliver.1"), "done"), by=town.window)
    public_key = Ed25519PrivateKey.generate().public_key()
    found = verify(town.db, [CaseRegister.heads], public_key=public_key)
    assert [finding for finding in found if finding.kind is not FindingKind.UNSEALED] == []
