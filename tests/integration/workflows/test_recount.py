"""Limits that rested on an unknown year are reckoned anew as soon as its calendar is there, and only then."""

from dataclasses import replace
from datetime import datetime

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.working_days import Calendar, read_days
from tests.factories.town import Town
from workflows.services.timers import Timers

# 2027 as an operator's file might say it: 1 January off; 2026 as it was announced.
ARRIVED = Calendar.of(read_days(["date,kind,note", "2026-01-01,year,x", "2027-01-01,year,x", "2027-01-01,off,元旦"]))


def due(town: Town, case: CaseId) -> tuple[datetime, bool]:
    with town.db.driver() as driver:
        sql = "SELECT due_at, is_provisional FROM workflows_tasks WHERE case_id = %s AND step = 'accept'"
        row = driver.execute(sql, (case,)).fetchone()
    assert row is not None
    return row[0], row[1]


def test_the_calendar_makes_open_limits_final_without_anybody_acting(town: Town) -> None:
    town.move("2026-12-30")
    case = town.submitted()
    # 31 December and, as far as anybody knows, 1 and 4 to 6 January.
    assert due(town, case) == (datetime.fromisoformat("2027-01-07T00:00+08:00"), True)
    assert town.cases.recount() == 0
    with_calendar = Timers(replace(town.desk, calendar=ARRIVED))
    assert with_calendar.recount() == 1
    # 31 December and 4 to 7 January.
    assert due(town, case) == (datetime.fromisoformat("2027-01-08T00:00+08:00"), False)
    assert with_calendar.recount() == 0


def test_the_promise_of_a_case_becomes_final_too(town: Town) -> None:
    town.move("2026-12-11")
    case = town.accepted()
    # Fifteen working days from 11 December reach into January; every task ends before.
    assert town.cases.view(case, by=town.leader).is_due_provisional
    assert Timers(replace(town.desk, calendar=ARRIVED)).recount() == 1
    assert Timers(replace(town.desk, calendar=ARRIVED)).recount() == 0
