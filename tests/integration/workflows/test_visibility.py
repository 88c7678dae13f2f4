"""One predicate says who may see a case; every list and every read agrees with it."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Officer, Platform, Principal
from tests.factories.town import ADULT, Town
from workflows.services.errors import CaseUnknown
from workflows.storage.visibility import visible_to

Stage = Callable[[Town], CaseId]


def sees(town: Town, case: CaseId, by: Principal) -> bool:
    sight = visible_to(by)
    with town.db.driver() as driver:
        sql = f"SELECT 1 FROM workflows_cases c WHERE c.id = %s AND ({sight.clause})"
        found = driver.execute(sql, (case, *sight.params)).fetchone() is not None
    try:
        town.cases.view(case, by=by)
    except CaseUnknown:
        assert not found
    else:
        assert found
    return found


def draft(town: Town) -> CaseId:
    return town.draft()


def submitted(town: Town) -> CaseId:
    return town.submitted()


def accepted(town: Town) -> CaseId:
    return town.accepted()


def reviewed(town: Town) -> CaseId:
    return town.reviewed()


@pytest.mark.parametrize(
    ("stage", "who"),
    [
        (draft, {"citizen"}),
        # the team that has the task; checkers and leader may suspend, extend or hand over
        (submitted, {"citizen", "window", "checker", "leader"}),
        # the window has acted, the assessor has a task
        (accepted, {"citizen", "window", "assessor", "checker", "leader"}),
        (reviewed, {"citizen", "window", "assessor", "checker", "leader"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_exactly_these_may_see_a_case(town: Town, stage: Stage, who: set[str]) -> None:
    case = stage(town)
    people: dict[str, Principal] = {
        "citizen": town.citizen,
        "stranger": town.stranger,
        "window": town.window,
        "assessor": town.assessor,
        "checker": town.checkers[2],
        "leader": town.leader,
        "elsewhere": town.elsewhere,
    }
    assert {name for name, principal in people.items() if sees(town, case, principal)} == who
    assert sees(town, case, Platform())


def test_a_post_is_its_department_region_role_and_rank(town: Town) -> None:
    case = town.submitted()
    leader = town.leader
    for other in (
        Officer(leader.officer, "dept.health", leader.region, leader.roles, leader.rank),
        Officer(leader.officer, leader.org, "470102", leader.roles, leader.rank),
        Officer(leader.officer, leader.org, leader.region, frozenset({"cleaner"}), leader.rank),
        Officer(leader.officer, leader.org, leader.region, leader.roles, ""),
    ):
        assert not sees(town, case, other)


def test_role_names_cannot_break_out_of_the_predicate(town: Town) -> None:
    case = town.submitted()
    roles = frozenset({'window"}', "window\\", "{window,checker}", "x' OR true --"})
    assert not sees(town, case, Officer(town.window.officer, town.window.org, town.window.region, roles))


def test_lists_agree_with_the_predicate(town: Town) -> None:
    case = town.accepted()
    assert [row.case for row in town.cases.my_cases(town.citizen)] == [case]
    assert town.cases.my_cases(town.stranger) == ()
    assert [row.case for row in town.cases.queue(town.assessor)] == [case]
    assert town.cases.queue(town.elsewhere) == ()
    ward = Citizen(town.stranger.person, ial=4, aal=2, acting_for=town.citizen.person)
    assert [row.case for row in town.cases.my_cases(ward)] == [case]


def plain_text(owner_database: Database) -> str:
    """Return every row of every table but the items' own sources, bytes spelt out."""
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    with owner_database.driver() as driver:
        names = [row[0] for row in driver.execute(tables).fetchall() if row[0] != "workflows_definitions"]
        rows = [row for name in names for row in driver.execute(f'SELECT * FROM "{name}"').fetchall()]
    values = [value for row in rows for value in row]
    return "\n".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in values)


def test_no_table_and_no_file_holds_a_word_of_the_application_in_plain_text(
    town: Town, owner_database: Database, tmp_path: Path
) -> None:
    case = town.submitted()
    town.supplement(case, "claim.cause")
    town.deliver_all()
    town.cases.return_supplement(case, task="accept.1.s", raw={"claim.cause": "louder"}, by=town.citizen)
    town.act(case, "accept.2", "ok", by=town.window)
    town.deliver_all()
    town.assess(case)
    town.cases.object_to(case, "publicise", text="he hears me well", by=town.stranger)
    town.cases.withdraw(case, by=town.citizen, reason="moved away")
    text = plain_text(owner_database)
    secrets = ("样例", ADULT, "1980-05-01", "noise at work", "louder", "unclear", "he hears me well", "moved away")
    assert [secret for secret in secrets if secret in text] == []
    blobs = b"".join(path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert blobs
    assert b"PNG" not in blobs
    assert b"PDF" not in blobs


def test_an_officer_who_opens_a_case_makes_nobody_read_the_tasks_of_the_team(town: Town) -> None:
    """Even by a plan that was made while there was nothing to plan for, as prepared statements keep theirs."""
    sight = visible_to(town.window)
    with town.db.driver() as driver:
        sql = f"EXPLAIN SELECT 1 FROM workflows_cases c WHERE c.id = %s AND ({sight.clause})"
        plan = "\n".join(row[0] for row in driver.execute(sql, (uuid4(), *sight.params)))
    assert "workflows_tasks_pkey" in plan
    assert "hashed" not in plan
    assert "workflows_tasks_team" not in plan
