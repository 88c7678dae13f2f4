"""Queues: pages begin where the last one ended, neighbours honour the filter, and no two officers get the same next."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.pq import Trace

from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import CaseId, TaskKey
from tests.factories.town import Town, build_town
from workflows.engine.refusals import NotYourTask
from workflows.views import QueueFilters, QueueOrder

FIRST = TaskKey("accept.1")


@pytest.fixture
def five(town: Town) -> list[CaseId]:
    """Five cases, received one a day from Monday on."""
    cases = []
    for day in ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"):
        town.move(day)
        cases.append(town.submitted(town.newcomer()))
    return cases


def seen(rows) -> list[CaseId]:
    return [row.case for row in rows]


@pytest.mark.parametrize("order", list(QueueOrder))
def test_pages_of_two_show_every_task_once(town: Town, five: list[CaseId], order: QueueOrder) -> None:
    shown: list[CaseId] = []
    filters = QueueFilters(order=order, limit=2)
    while rows := town.cases.queue(town.window, filters):
        shown += seen(rows)
        filters = replace(filters, after=rows[-1].place)
    assert shown == five


def test_a_page_backwards_ends_right_before_its_place(town: Town, five: list[CaseId]) -> None:
    last = town.cases.queue(town.window)[-1].place
    assert seen(town.cases.queue(town.window, QueueFilters(before=last, limit=2))) == five[2:4]


def test_neighbours_stand_in_the_order_of_the_queue(town: Town, five: list[CaseId]) -> None:
    near = town.cases.neighbours(town.window, QueueFilters(), case=five[2], task=FIRST)
    assert (seen(near.earlier), seen(near.later)) == (five[:2], five[3:])
    assert (near.before.case, near.after.case) == (five[1], five[3])


def test_neighbours_honour_the_filter(town: Town, five: list[CaseId]) -> None:
    town.cases.claim(five[3], FIRST, by=town.window)
    near = town.cases.neighbours(town.window, QueueFilters(is_free=True), case=five[2], task=FIRST)
    assert near.after.case == five[4]


def test_after_an_act_the_next_one_is_the_first_of_the_queue(town: Town, five: list[CaseId]) -> None:
    town.act(five[2], "accept.1", "ok", by=town.window)
    near = town.cases.neighbours(town.window, QueueFilters(), case=five[2], task=FIRST)
    assert (near.before, near.after.case) == (None, five[0])


def test_the_next_one_is_the_most_urgent_that_nobody_has(town: Town, five: list[CaseId]) -> None:
    town.cases.claim(five[0], FIRST, by=town.window)
    assert town.cases.claim_next(town.window).case == five[1]
    assert town.holder(five[1], FIRST) == town.window


def test_no_two_officers_get_the_same(town: Town, five: list[CaseId]) -> None:
    colleagues = [town.doubles.officers.add(f"window.{n}", org="dept.subdistrict", role="window") for n in range(4)]
    with ThreadPoolExecutor(5) as pool:
        taken = list(pool.map(town.cases.claim_next, [town.window, *colleagues]))
    assert sorted(seen(taken)) == sorted(five)
    assert town.cases.claim_next(town.window) is None


def test_a_suspended_case_is_nobodys_next(town: Town, five: list[CaseId]) -> None:
    for case in five[1:]:
        town.cases.claim(case, FIRST, by=town.window)
    town.cases.suspend(five[0], ground="听证", reason="当事人申请听证", by=town.leader)
    assert town.cases.claim_next(town.window) is None
    assert seen(town.cases.queue(town.window, QueueFilters(is_suspended=True))) == five[:1]


def test_a_released_task_is_the_teams_again(town: Town, five: list[CaseId]) -> None:
    colleague = town.doubles.officers.add("window.2", org="dept.subdistrict", role="window")
    town.cases.claim(five[0], FIRST, by=town.window)
    with pytest.raises(NotYourTask):
        town.cases.release(five[0], FIRST, by=colleague)
    town.cases.release(five[0], FIRST, by=town.window)
    assert town.cases.claim_next(colleague).case == five[0]
    with pytest.raises(NotYourTask):
        town.cases.release(five[1], FIRST, by=town.window)


def test_urging_is_shown_with_number_and_day(town: Town, five: list[CaseId]) -> None:
    applicant = town.citizen
    case = town.submitted(applicant)
    town.cases.urge(case, by=applicant)
    town.move("2026-03-12")
    town.cases.urge(case, by=applicant)
    row = next(row for row in town.cases.queue(town.window) if row.case == case)
    assert (row.urged, str(row.urged_on)) == (2, "2026-03-12")


def test_counts_and_groups_agree_with_the_list(town: Town, five: list[CaseId]) -> None:
    town.cases.claim(five[0], FIRST, by=town.window)
    wanted = [QueueFilters(), QueueFilters(is_mine=True), QueueFilters(is_free=True), QueueFilters(is_suspended=True)]
    assert town.cases.counts(town.window, wanted) == (5, 1, 4, 0)
    (group,) = town.cases.groups(town.window)
    assert (group.step_label, group.count) == ("受理", 5)


def test_a_case_of_the_unit_is_found_by_its_number(town: Town, five: list[CaseId]) -> None:
    number = town.cases.queue(town.window)[0].case_number
    assert seen(town.cases.cases_of_unit(town.leader, number)) == five[:1]
    assert len(town.cases.cases_of_unit(town.leader, "470101-")) == 5
    assert town.cases.cases_of_unit(town.leader, "%%%%%%%") == ()
    assert town.cases.cases_of_unit(town.leader, "4701") == ()
    assert town.cases.cases_of_unit(town.elsewhere, number) == ()


def test_lists_counts_and_neighbours_cost_the_same_however_long_the_queue(
    database_urls, keys, files, tmp_path: Path
) -> None:
    database = Database(database_urls.app, pool_size=1)
    town = build_town(database, keys, files)

    def statements() -> int:
        with database.driver() as driver:
            server = driver.pgconn
        with (tmp_path / "trace").open("w") as file:
            server.trace(file.fileno())
            server.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS | Trace.REGRESS_MODE)
            first = town.cases.queue(town.window, QueueFilters(limit=50))
            town.cases.counts(town.window, [QueueFilters(is_mine=True), QueueFilters(is_free=True)])
            town.cases.groups(town.window)
            town.cases.neighbours(town.window, QueueFilters(), case=first[0].case, task=FIRST)
            server.untrace()
        return len(re.findall(r"^F\t\d+\t(?:Execute|Query)", (tmp_path / "trace").read_text(), re.MULTILINE))

    town.submitted(town.newcomer())
    few = statements()
    for _ in range(5):
        town.submitted(town.newcomer())
    # list, counts, groups; then the place, what stands before it and what after
    assert (few, statements()) == (6, 6)
    database.dispose()


def test_what_waits_for_the_applicant_stands_apart(town: Town, five: list[CaseId]) -> None:
    town.supplement(five[2], "claim.cause")
    assert five[2] not in seen(town.cases.queue(town.window))
    (waiting,) = town.cases.waiting(town.window)
    assert (waiting.case, waiting.needs_applicant) == (five[2], True)
    assert town.cases.waiting(town.elsewhere) == ()
