"""Whoever stands in for an absent colleague sees and does the colleague's tasks under their own name, but for votes."""

from dataclasses import replace

import pytest

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Officer
from tests.factories.town import Town
from workflows.engine.refusals import FourEyes, NotYourTask
from workflows.views import QueueFilters

FIRST = TaskKey("accept.1")


@pytest.fixture
def deputy(town: Town) -> Officer:
    colleague = town.doubles.officers.add("window.2", org="dept.subdistrict", role="window")
    return replace(colleague, covers=frozenset({town.window.officer}))


@pytest.fixture
def held(town: Town) -> CaseId:
    """A case that the absent officer had claimed."""
    case = town.submitted()
    town.cases.claim(case, FIRST, by=town.window)
    return case


def test_a_colleague_does_not_see_what_another_holds(town: Town, held: CaseId, deputy: Officer) -> None:
    alone = replace(deputy, covers=frozenset())
    assert town.cases.queue(alone) == ()
    with pytest.raises(NotYourTask):
        town.act(held, "accept.1", "ok", by=replace(alone, covers=frozenset({town.leader.officer})))


def test_the_deputy_sees_whose_task_it_is(town: Town, held: CaseId, deputy: Officer) -> None:
    (row,) = town.cases.queue(deputy)
    assert (row.case, row.officer) == (held, town.window.officer)
    assert row.covers == f"officer {str(town.window.officer)[:4]}"
    assert [row.case for row in town.cases.queue(deputy, QueueFilters(is_mine=True))] == [held]
    work = town.cases.work(held, FIRST, by=deputy)
    assert work.covers == row.covers
    assert work.acts[0].is_enabled
    assert work.fields[0].value is not None


def test_the_ledger_names_the_deputy_and_whom_it_was_for(town: Town, held: CaseId, deputy: Officer) -> None:
    town.act(held, "accept.1", "ok", by=deputy)
    with town.db.driver() as driver:
        sql = "SELECT actor FROM kernel_ledger WHERE kind = 'act-on' AND stream = %s"
        assert driver.execute(sql, (f"case:{held}",)).fetchall() == [(f"officer:{deputy.officer}",)]
    covered = [one for one in town.cases.view(held, by=deputy).timeline if one.kind == "covered"]
    assert [one.detail["absent"] for one in covered] == [str(town.window.officer)]
    public = town.cases.view(held, by=town.citizen).timeline
    assert str(town.window.officer) not in repr(public)


def test_a_deputy_may_take_the_task_over(town: Town, held: CaseId, deputy: Officer) -> None:
    town.cases.claim(held, FIRST, by=deputy)
    assert town.holder(held, FIRST).officer == deputy.officer
    # the deputy goes on with it after the absence
    town.act(held, "accept.1", "ok", by=replace(deputy, covers=frozenset()))


def test_it_ends_with_the_absence(town: Town, held: CaseId, deputy: Officer) -> None:
    back = replace(deputy, covers=frozenset())
    assert town.cases.queue(back) == ()
    assert [row.case for row in town.cases.queue(town.window)] == [held]


def test_a_vote_is_nobody_elses(town: Town) -> None:
    case = town.publicised()
    town.move("2026-03-11")
    town.cases.fire_due()
    voter = town.holder(case, "review.1.1")
    other = next(one for one in town.checkers if one != voter)
    deputy = replace(other, covers=frozenset({voter.officer}))
    assert all(row.officer != voter.officer for row in town.cases.queue(deputy))
    with pytest.raises(NotYourTask):
        town.act(case, "review.1.1", "ok", by=deputy)


def test_four_eyes_look_at_the_deputy(town: Town) -> None:
    """Whoever took part in the review may not decide, not even for an absent leader."""
    case = town.reviewed()
    town.cases.claim(case, TaskKey("approve.1"), by=town.leader)
    with town.db.driver() as driver:
        acted = driver.execute("SELECT officers FROM workflows_cases WHERE id = %s", (case,)).fetchone()[0]
    voter = next(one for one in town.checkers if one.officer in acted)
    deputy = replace(
        voter, roles=frozenset({"checker", "leader"}), rank="leader", covers=frozenset({town.leader.officer})
    )
    with pytest.raises(FourEyes):
        town.act(case, "approve.1", "ok", by=deputy)
