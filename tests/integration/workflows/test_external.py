"""A department's own system fetches, leases, completes and fails its steps, and people may always step in."""

from dataclasses import replace
from uuid import uuid4

import pytest

from gov_portal.kernel.ids import OfficerId, TaskKey
from gov_portal.kernel.principal import Officer
from tests.factories.town import Town, photo
from workflows.domain.commands import ActOn
from workflows.engine.refusals import StaleTask
from workflows.services.errors import CaseUnknown, TaskUnknown
from workflows.services.external import ExternalTasks, LeaseLost, LeaseTaken
from workflows.views import QueueFilters

ASSESS = TaskKey("assess.1")
ANY = QueueFilters()


@pytest.fixture
def external(town: Town) -> ExternalTasks:
    return ExternalTasks(town.desk, cases=town.cases)


@pytest.fixture
def system(town: Town) -> Officer:
    return replace(town.assessor, officer=OfficerId(uuid4()), aal=1)


def run_out(town: Town) -> None:
    with town.db.driver() as driver:
        driver.execute("UPDATE workflows_leases SET leased_until = now(), not_before = now()")


def assess(town: Town, external: ExternalTasks, case, system: Officer, key: str | None = None) -> None:
    report = town.cases.attach(case, "assess.report", photo(), claimed_type="image/png", by=system)
    fields = {"assess.kind": "hearing", "assess.level": "2", "assess.report": str(report)}
    external.complete(case, ActOn(ASSESS, "done", fields), by=system, key=key)


def ready(town: Town):
    case = town.accepted()
    town.deliver_all()
    return case


def test_a_system_does_the_step_of_its_department(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    (task,) = external.fetch(system, filters=ANY)
    assert (task.case, task.task, task.step) == (case, ASSESS, "assess")
    lease = external.claim(case, ASSESS, by=system)
    assert "claim.kind" in {one.path for one in lease.work.fields}
    assess(town, external, case, system)
    assert external.fetch(system, filters=ANY) == ()
    assert town.cases.public_notices()


def test_nobody_is_offered_the_step_of_another_post(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    other = replace(system, roles=frozenset({"window"}))
    assert external.fetch(other, filters=ANY) == ()
    with pytest.raises((TaskUnknown, CaseUnknown)):
        external.claim(case, ASSESS, by=other)


def test_two_systems_never_have_the_same_task(town: Town, external: ExternalTasks, system: Officer) -> None:
    case, second = ready(town), replace(system, officer=OfficerId(uuid4()))
    external.claim(case, ASSESS, by=system)
    assert external.fetch(second, filters=ANY) == ()
    with pytest.raises(LeaseTaken):
        external.claim(case, ASSESS, by=second)
    with pytest.raises(LeaseTaken):
        assess(town, external, case, second)
    run_out(town)
    external.claim(case, ASSESS, by=second)
    with pytest.raises(LeaseTaken):
        assess(town, external, case, system)


def test_a_lease_does_not_keep_people_out(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    external.claim(case, ASSESS, by=system)
    town.assess(case)
    with pytest.raises((StaleTask, CaseUnknown)):
        external.complete(case, ActOn(ASSESS, "done", {}), by=system)


def test_the_same_key_completes_once(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    external.claim(case, ASSESS, by=system)
    report = town.cases.attach(case, "assess.report", photo(), claimed_type="image/png", by=system)
    command = ActOn(ASSESS, "done", {"assess.kind": "hearing", "assess.level": "2", "assess.report": str(report)})
    external.complete(case, command, by=system, key="k1")
    external.complete(case, command, by=system, key="k1")


def test_after_three_failures_it_is_for_people(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    for number in (1, 2, 3):
        external.claim(case, ASSESS, by=system)
        failure = external.fail(case, ASSESS, reason="no appointment", by=system)
        assert (failure.failures, failure.is_raised) == (number, number == 3)
        assert external.fetch(system, filters=ANY) == ()
        run_out(town)
    with pytest.raises(LeaseTaken):
        external.claim(case, ASSESS, by=system)
    told = external.failure(case, ASSESS, by=town.assessor)
    assert told is not None
    assert (told.reason, told.is_raised) == ("no appointment", True)
    assert [row.task for row in town.cases.queue(town.assessor)] == [ASSESS]
    town.assess(case)


def test_a_system_may_say_at_once_that_it_never_can(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    external.claim(case, ASSESS, by=system)
    assert external.fail(case, ASSESS, reason="not our patient", by=system, is_final=True).is_raised


def test_only_who_has_the_lease_may_fail_it(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    with pytest.raises(LeaseLost):
        external.fail(case, ASSESS, reason="x", by=system)


def test_the_reason_is_sealed(town: Town, external: ExternalTasks, system: Officer) -> None:
    case = ready(town)
    external.claim(case, ASSESS, by=system)
    external.fail(case, ASSESS, reason="the patient is unknown", by=system)
    with town.db.driver() as driver:
        row = driver.execute("SELECT reason FROM workflows_leases").fetchone()
    assert b"patient" not in bytes(row[0])
