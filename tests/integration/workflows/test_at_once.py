"""Ticks, officers, citizens and workers meet in one case at one moment, and the case stays one story."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.kernel.principal import Platform
from tests.factories.town import Town
from workflows.domain.commands import ActOn, Result, ResultKind
from workflows.domain.state import Status

WORKER = Platform("worker")
RELAY = Path(__file__).parents[2] / "factories" / "relay.yaml"


def at_once(*jobs: Callable[[], object]) -> list[str]:
    """Do jobs at the same moment; return how each came out, a refusal by its code."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> str:
        barrier.wait()
        try:
            job()
        except DomainError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def kinds(town: Town, case: CaseId) -> list[str]:
    return [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]


def ledger(town: Town, case: CaseId) -> list[tuple[int, str]]:
    with town.db.driver() as driver:
        sql = "SELECT seq, kind FROM kernel_ledger WHERE stream = %s ORDER BY seq"
        return driver.execute(sql, (f"case:{case}",)).fetchall()


def test_acceptance_is_deemed_by_the_tick_with_effect_from_receipt(town: Town) -> None:
    # Saturday 7 March: received on Monday 9 March; five days end on Monday 16 March.
    town.move("2026-03-07")
    case = town.submitted()
    town.move("2026-03-16")
    assert town.cases.fire_due() == 1  # the yellow card
    assert town.cases.view(case, by=town.citizen).phase == "acceptance"
    town.move("2026-03-17")
    assert town.cases.fire_due() == 1
    view = town.cases.view(case, by=town.citizen)
    assert (view.clock.started_on, view.clock.due_on) == (date(2026, 3, 9), date(2026, 3, 30))
    assert view.clock.used_working_days == 6
    town.deliver_all()
    documents = town.cases.view(case, by=town.citizen).documents
    assert [document.name for document in documents] == ["受理通知书"]


@pytest.mark.parametrize("turn", range(4))
def test_a_tick_and_an_officer_at_once_accept_a_case_once(town: Town, turn: int) -> None:
    case = town.submitted()
    town.move("2026-03-10")
    refuse = ActOn(TaskKey("accept.1"), "refuse", reason="材料不符")
    answers = at_once(
        town.cases.fire_due,
        lambda: town.cases.act(case, refuse, by=town.window),
        town.cases.fire_due,
        lambda: town.cases.withdraw(case, by=town.stranger),
    )
    # The law was quicker by nine hours, whoever writes first.
    assert answers[1] in {"case.stale-task", "case.unknown"}
    assert answers[3] == "case.unknown"
    town.cases.fire_due()
    assert kinds(town, case).count("deemed") == 1
    assert town.cases.view(case, by=town.citizen).phase == "review"
    seqs = [seq for seq, _ in ledger(town, case)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_two_voters_at_once_are_both_counted(town: Town) -> None:
    case = town.publicised()
    town.move("2026-03-11")
    town.cases.fire_due()
    holders = [town.holder(case, f"review.1.{number}") for number in (1, 2)]
    votes = [ActOn(TaskKey(f"review.1.{number}"), "ok") for number in (1, 2)]
    answers = at_once(
        lambda: town.cases.act(case, votes[0], by=holders[0]),
        lambda: town.cases.act(case, votes[1], by=holders[1]),
    )
    assert answers == ["done", "done"]
    assert kinds(town, case).count("voted") == 2
    assert town.cases.view(case, by=town.citizen).phase == "decision"


def test_officers_in_parallel_branches_do_not_collide(town: Town) -> None:
    case = town.accepted()
    path = "assess.report"
    report = town.cases.attach(case, path, b"%PDF-1.4\n%%EOF\n", claimed_type="application/pdf", by=town.assessor)
    filled = {"assess.kind": "hearing", "assess.level": "2", path: str(report)}
    answers = at_once(
        lambda: town.cases.act(case, ActOn(TaskKey("assess.1"), "done", filled), by=town.assessor),
        lambda: town.cases.result(case, Result("verify", 1, ResultKind.FOUND), by=WORKER),
    )
    assert answers == ["done", "done"]
    assert town.cases.public_notices()[0].case == case


def test_a_result_that_comes_five_times_at_once_is_applied_once(town: Town) -> None:
    case = town.reviewed()
    town.act(case, "approve.1", "ok", by=town.leader)
    done = Result("issue", 1, ResultKind.DONE)
    answers = at_once(*[lambda: town.cases.result(case, done, by=WORKER)] * 5)
    assert set(answers) == {"done"}
    assert kinds(town, case).count("issued") == 1
    assert [kind for kind in kinds(town, case) if kind.startswith("undo")] == []


def test_a_message_that_two_workers_deliver_counts_once(town: Town) -> None:
    case = town.reviewed()
    town.deliver_all()
    town.act(case, "approve.1", "ok", by=town.leader)
    (message_id,) = outbox.due(town.db, 10)
    first = outbox.claim(town.db, message_id, lease_s=0)
    second = outbox.claim(town.db, message_id)
    assert first is not None and second is not None
    answers = at_once(lambda: town.effects.deliver(first), lambda: town.effects.deliver(second))
    assert answers == ["outbox.claim-lost", "done"]
    assert len(town.doubles.licences.issued) == 1
    assert kinds(town, case).count("issued") == 1


def test_a_withdrawal_and_the_result_at_once_end_in_one_truth(town: Town) -> None:
    case = town.reviewed()
    town.deliver_all()
    town.act(case, "approve.1", "ok", by=town.leader)
    (message_id,) = outbox.due(town.db, 10)
    message = outbox.claim(town.db, message_id)
    assert message is not None
    withdrawn, delivered = at_once(
        lambda: town.cases.withdraw(case, by=town.citizen), lambda: town.effects.deliver(message)
    )
    assert delivered == "done"
    town.deliver_all()
    view = town.cases.view(case, by=town.citizen)
    issued, revoked = town.doubles.licences.issued, town.doubles.licences.revoked
    if withdrawn == "done":
        assert view.outcome == "withdrawn"
        assert len(issued) == len(revoked)
    else:
        assert withdrawn == "case.withdrawal-too-late"
        assert (view.status, len(issued), revoked) == (Status.OPEN, 1, [])


def test_three_hundred_cases_fire_once_each_between_two_ticks(town: Town) -> None:
    town.desk.definitions.publish([RELAY])
    raw = {"applicant.region": "470101", "request.aim": "样例"}
    cases = []
    for _ in range(300):
        case = town.cases.begin(ItemId("test.relay"), by=town.citizen, again=True)
        town.cases.save_page(case, page="request", raw=raw, by=town.citizen)
        town.cases.submit(case, by=town.citizen)
        cases.append(case)
    # The first step has five days until 9 March; its yellow card comes after four, its red one after five.
    town.move("2026-03-10")
    moved: list[int] = []

    def tick() -> None:
        while fired := town.cases.fire_due(100):
            moved.append(fired)

    at_once(tick, tick)
    tick()
    assert sum(moved) == 300
    with town.db.driver() as driver:
        sql = "SELECT stream, count(*) FROM kernel_ledger WHERE kind = 'due' GROUP BY stream"
        fired = dict(driver.execute(sql).fetchall())
    assert fired == {f"case:{case}": 1 for case in cases}
    assert town.cases.fire_due(100) == 0


def test_a_damaged_case_does_not_keep_the_others_from_moving(town: Town) -> None:
    cases = [town.submitted(town.newcomer()) for _ in range(3)]
    with town.db.driver() as driver:
        sql = "UPDATE workflows_case_data SET sealed = %s WHERE case_id = %s AND field_group = 'applicant'"
        driver.execute(sql, (b"\x01damaged", cases[0]))
        driver.execute("UPDATE workflows_tasks SET next_at = next_at - interval '1 h' WHERE case_id = %s", (cases[0],))
    town.move("2026-03-10")
    assert [town.cases.fire_due(1) for _ in range(4)] == [0, 1, 1, 0]
    assert (cases[0], "late") in {(finding.case, finding.kind) for finding in town.cases.sweep()}
