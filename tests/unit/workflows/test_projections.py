"""Rows of tasks, timers and public notices follow from the states alone, and only what changed is written."""

from datetime import UTC, datetime, timedelta

from gov_portal.kernel.ids import TaskKey
from tests.factories.cases import card_item
from workflows.domain.state import ActiveStep, CaseState, Status, Task, TaskKind
from workflows.projections import changes, split_timers

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
ITEM = card_item()


def unit_of(org: str, near: str | None) -> str | None:
    return near


def task(key: str, **more: object) -> Task:
    step, _, visit = key.partition(".")
    made = Task(TaskKey(key), step, int(visit[0]), TaskKind.WORK, "window", NOON, org="dept.subdistrict", near="470101")
    return made._replace(**more)


def state(*tasks: Task, timers: dict[str, datetime] | None = None, active: tuple[ActiveStep, ...] = ()) -> CaseState:
    return CaseState(status=Status.OPEN, tasks={one.key: one for one in tasks}, timers=timers or {}, active=active)


def test_a_step_from_task_to_task_writes_no_timer_row() -> None:
    before = state(task("accept.1"), timers={"due:accept.1": NOON + DAY, "yellow:accept.1": NOON})
    after = state(task("assess.1"), timers={"red:assess.1": NOON + 2 * DAY})
    found = changes(ITEM, before, after, unit_of=unit_of)
    assert (found.put_timers, found.gone_timers) == ({}, ())
    assert list(found.new_tasks) == ["assess.1"]
    assert found.gone_tasks == ("accept.1",)
    assert found.changed_tasks == {}


def test_a_task_wakes_at_the_earliest_of_its_timers() -> None:
    timers = {"red:accept.1": NOON + DAY, "yellow:accept.1": NOON, "red:case": NOON + 3 * DAY}
    next_at, others = split_timers(state(task("accept.1"), timers=timers))
    assert next_at == {"accept.1": NOON}
    assert others == {"red:case": NOON + 3 * DAY}


def test_a_fired_card_changes_the_row_of_its_task() -> None:
    one = task("accept.1")
    before = state(one, timers={"yellow:accept.1": NOON, "red:accept.1": NOON + DAY})
    after = state(one, timers={"red:accept.1": NOON + DAY})
    found = changes(ITEM, before, after, unit_of=unit_of)
    assert list(found.changed_tasks) == ["accept.1"]
    assert found.changed_tasks["accept.1"][-1] == NOON + DAY


def test_what_stays_as_it_is_is_not_written() -> None:
    before = state(task("accept.1"), timers={"red:case": NOON})
    after = state(task("accept.1")._replace(), timers={"red:case": NOON})
    found = changes(ITEM, before, after, unit_of=unit_of)
    assert not any((found.new_tasks, found.changed_tasks, found.gone_tasks, found.put_timers, found.gone_timers))


def test_a_wait_that_one_may_object_to_is_public_until_it_ends() -> None:
    wait = ActiveStep("publicise", 1, NOON, NOON.date())
    open_now = state(active=(wait,), timers={"wait:publicise.1": NOON + 5 * DAY})
    found = changes(ITEM, CaseState(), open_now, unit_of=unit_of)
    assert found.put_notices == {"publicise": (NOON, NOON + 5 * DAY)}
    assert found.put_timers == {"wait:publicise.1": NOON + 5 * DAY}
    suspended = open_now._replace(status=Status.SUSPENDED)
    assert changes(ITEM, open_now, suspended, unit_of=unit_of).gone_notices == ("publicise",)
