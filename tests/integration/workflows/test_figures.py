"""The day's figures count what came to a unit, what fell due and what it finished, by hour and by day."""

from datetime import date, datetime

import pytest

from tests.factories.town import CALENDAR, Town
from workflows.services.figures import Figures, Flow


@pytest.fixture
def figures(town: Town) -> Figures:
    return Figures(town.db, town.clock, CALENDAR)


def at(town: Town, moment: str) -> None:
    town.clock.move_to(datetime.fromisoformat(f"{moment}+08:00"))


def test_a_unit_without_work_has_no_figures(town: Town, figures: Figures) -> None:
    found = figures.of_unit(town.window)
    assert (found.today, found.waiting, found.overdue, found.median_working_days) == (Flow(0, 0, 0), 0, 0, None)
    assert (len(found.hours), len(found.days)) == (24, 7)


def test_work_is_counted_in_the_hour_in_which_it_came_and_ended(town: Town, figures: Figures) -> None:
    case = town.submitted()
    town.submitted(town.newcomer())
    at(town, "2026-03-02T14:30")
    town.act(case, "accept.1", "ok", by=town.window)
    found = figures.of_unit(town.window)
    assert found.hours[9] == Flow(2, 0, 0)
    assert found.hours[14] == Flow(0, 0, 1)
    assert found.today == Flow(2, 0, 1)
    assert (found.waiting, found.overdue, found.median_working_days) == (1, 0, 0)
    # the next unit has received it in turn
    assert figures.of_unit(town.assessor).hours[14] == Flow(1, 0, 0)


def test_days_hold_what_fell_due_and_what_is_late(town: Town, figures: Figures) -> None:
    case = town.submitted()
    at(town, "2026-03-05T10:00")
    town.act(case, "accept.1", "ok", by=town.window)
    town.submitted(town.newcomer())
    # five working days from the 5th end with the 12th
    at(town, "2026-03-13T09:00")
    found = figures.of_unit(town.window)
    assert dict(found.days)[date(2026, 3, 12)] == Flow(0, 1, 0)
    assert (found.waiting, found.overdue, found.near, found.finished_late) == (1, 1, 0, 0)
    earlier = figures.of_unit(town.window, date(2026, 3, 6))
    # from Monday to Thursday are three working days
    assert (dict(earlier.days)[date(2026, 3, 5)], earlier.median_working_days) == (Flow(1, 0, 1), 3)


def test_another_unit_is_not_counted(town: Town, figures: Figures) -> None:
    town.submitted()
    assert figures.of_unit(town.elsewhere).today == Flow(0, 0, 0)


def test_near_and_late_work_is_told_apart(town: Town, figures: Figures) -> None:
    case = town.accepted()
    town.submitted(town.newcomer())
    # Five working days from the 2nd end with the 9th; 70 % of them, four, with the 6th.
    at(town, "2026-03-09T09:00")
    found = figures.of_unit(town.window)
    assert (found.near, found.overdue, found.finished_late) == (1, 0, 0)
    # The ten days of the assessment end with the 16th.
    at(town, "2026-03-18T09:00")
    town.assess(case)
    assert figures.of_unit(town.assessor).finished_late == 1
