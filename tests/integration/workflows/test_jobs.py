"""Bulk acts: what was confirmed is done case by case by whoever ordered it, once, and every case has its result."""

from collections import Counter
from uuid import UUID, uuid4

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from tests.factories.town import CARD, Town
from workflows.engine.refusals import TransitionRefused
from workflows.services.jobs import BulkOrder, Jobs, JobUnknown, PostLost
from workflows.views import QueueFilters

ACCEPT = BulkOrder(QueueFilters(), CARD, "accept", "ok")
FIRST = TaskKey("accept.1")


@pytest.fixture
def jobs(town: Town) -> Jobs:
    return Jobs(town.desk, cases=town.cases)


def received(town: Town, number: int) -> list[CaseId]:
    return [town.submitted(town.newcomer()) for _ in range(number)]


def deliver(town: Town, jobs: Jobs, *, chunks: int = 1000) -> int:
    """Carry out what waits, and leave the effects of the acts alone."""
    done = 0
    with town.db.driver() as driver:
        ids = [row[0] for row in driver.execute("SELECT id FROM kernel_outbox WHERE topic = 'desk.bulk' ORDER BY id")]
    for one in ids[:chunks]:
        message = outbox.claim(town.db, one)
        assert message is not None
        jobs.deliver(message)
        outbox.settle(town.db, message)
        done += 1
    return done


def test_a_preview_counts_what_can_be_done_and_says_why_not(town: Town, jobs: Jobs) -> None:
    cases = received(town, 4)
    town.cases.suspend(cases[0], ground="听证", reason="当事人申请听证", by=town.leader)
    view = jobs.preview(ACCEPT, by=town.window)
    assert (view.found, len(view.able), dict(view.refusals)) == (4, 3, {"case.suspended": 1})
    # asking for a supplement needs marks and refusing needs a reason, so that neither is done in bulk
    assert [(act.id, count) for act, count in view.acts] == [("ok", 3)]


def test_a_step_that_asks_for_fields_is_not_done_in_bulk(town: Town, jobs: Jobs) -> None:
    town.accepted()
    view = jobs.preview(BulkOrder(QueueFilters(), CARD, "assess", "done"), by=town.assessor)
    assert (view.acts, view.able) == ((), ())


def test_every_case_of_a_job_has_its_own_step_and_result(town: Town, jobs: Jobs) -> None:
    cases, job = received(town, 30), uuid4()
    assert jobs.order(ACCEPT, job=job, by=town.window) == 30
    assert jobs.job(job, by=town.window).status == "waiting"
    assert deliver(town, jobs) == 2
    view = jobs.job(job, by=town.window)
    assert (view.status, view.done, view.settled, view.act_label) == ("finished", 30, 30, "受理")
    assert view.is_over
    assert {one.case for one in jobs.results(job, by=town.window)} == set(cases)
    timeline = town.cases.view(cases[0], by=town.window).timeline
    assert [entry.detail["act"] for entry in timeline if entry.kind == "acted"] == ["ok"]


def test_an_order_that_is_sent_twice_is_one_job(town: Town, jobs: Jobs) -> None:
    received(town, 2)
    job = uuid4()
    jobs.order(ACCEPT, job=job, by=town.window)
    jobs.order(ACCEPT, job=job, by=town.window)
    assert len(jobs.jobs(town.window)) == 1
    assert jobs.job(job, by=town.window).total == 2


def test_a_chunk_that_runs_twice_acts_once(town: Town, jobs: Jobs) -> None:
    (case,), job = received(town, 1), uuid4()
    jobs.order(ACCEPT, job=job, by=town.window)
    with town.db.driver() as driver:
        (message_id,) = driver.execute("SELECT id FROM kernel_outbox WHERE topic = 'desk.bulk'").fetchone()
    message = outbox.claim(town.db, message_id)
    jobs.deliver(message)
    with town.db.driver() as driver:
        # as if the worker had died between the act and the note of its result
        driver.execute("UPDATE workflows_job_results SET outcome = NULL")
    jobs.deliver(message)
    assert jobs.job(job, by=town.window).done == 1
    kinds = Counter(entry.kind for entry in town.cases.view(case, by=town.window).timeline)
    assert kinds["acted"] == 1


def test_what_changed_since_is_refused_with_its_reason(town: Town, jobs: Jobs) -> None:
    cases, job = received(town, 3), uuid4()
    jobs.order(ACCEPT, job=job, by=town.window)
    town.act(cases[1], "accept.1", "ok", by=town.window)
    deliver(town, jobs)
    view = jobs.job(job, by=town.window)
    assert (view.done, view.refused, view.status) == (2, 1, "finished")
    (refused,) = jobs.results(job, by=town.window, outcome="refused")
    assert (refused.case, refused.code) == (cases[1], "case.stale-task")


def test_tasks_that_came_after_the_numbers_were_shown_are_left_out(town: Town, jobs: Jobs) -> None:
    seen = received(town, 2)
    until = town.clock.now()
    town.move("2026-03-03")
    received(town, 1)
    job = uuid4()
    order = BulkOrder(QueueFilters(opened_until=until), CARD, "accept", "ok")
    assert jobs.order(order, job=job, by=town.window) == 2
    assert {one.case for one in jobs.results(job, by=town.window)} == set(seen)


def test_a_stopped_job_does_nothing_more(town: Town, jobs: Jobs) -> None:
    received(town, 30)
    job = uuid4()
    jobs.order(ACCEPT, job=job, by=town.window)
    deliver(town, jobs, chunks=1)
    jobs.stop(job, by=town.window)
    deliver(town, jobs)
    view = jobs.job(job, by=town.window)
    assert (view.status, view.done, view.stopped, view.is_over) == ("stopped", 25, 5, True)


def test_who_loses_the_post_loses_it_for_the_rest_of_the_job(town: Town, jobs: Jobs) -> None:
    received(town, 1)
    job = uuid4()
    jobs.order(ACCEPT, job=job, by=town.window)
    town.doubles.officers.posts.remove(town.window)
    deliver(town, jobs)
    (result,) = jobs.results(job, by=town.window)
    assert (result.outcome, result.code) == ("refused", PostLost.code)


def test_a_job_is_its_officers_alone(town: Town, jobs: Jobs) -> None:
    received(town, 1)
    job = uuid4()
    jobs.order(ACCEPT, job=job, by=town.window)
    with pytest.raises(JobUnknown):
        jobs.job(job, by=town.leader)
    assert jobs.results(job, by=town.leader) == ()
    jobs.stop(job, by=town.leader)
    assert jobs.job(job, by=town.window).status == "waiting"


def test_an_order_of_nothing_is_no_job(town: Town, jobs: Jobs) -> None:
    assert (
        jobs.order(BulkOrder(QueueFilters(), ItemId("admin-review"), "accept", "ok"), job=uuid4(), by=town.window) == 0
    )
    assert jobs.jobs(town.window) == ()


def test_the_act_is_refused_where_the_page_of_the_case_would_refuse_it(town: Town, jobs: Jobs) -> None:
    """Whatever a preview finds able, the single act does; whatever not, the single act refuses."""
    cases = received(town, 3)
    town.cases.suspend(cases[0], ground="听证", reason="当事人申请听证", by=town.leader)
    able = {one.case for one in jobs.preview(ACCEPT, by=town.window).able}
    for case in cases:
        if case in able:
            town.act(case, "accept.1", "ok", by=town.window)
        else:
            with pytest.raises(TransitionRefused):
                town.act(case, "accept.1", "ok", by=town.window)


def test_an_unknown_job_is_unknown(town: Town, jobs: Jobs) -> None:
    with pytest.raises(JobUnknown):
        jobs.job(UUID(int=1), by=town.window)
