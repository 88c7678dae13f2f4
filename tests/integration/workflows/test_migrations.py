"""Live cases move to a changed flow: on trial, in batches, each reported, none lost, and back again."""

from collections import Counter
from uuid import uuid4

import pytest

from bench.live_cases import fill, next_version
from gov_portal.kernel.ids import CaseId, OfficerId
from gov_portal.kernel.principal import Officer
from tests.factories.town import CARD, Town
from workflows.domain.definition import Definition
from workflows.dsl.lint import compile_text
from workflows.services.migrations import Migrations, MigrationUnknown
from workflows.services.versions import MayNotDraft, Versions

CASES = 44
ROWS = {
    "cases": """SELECT id, definition_hash, state, sealed, status, phase, is_returned, due_at, officers
                FROM workflows_cases""",
    "data": "SELECT * FROM workflows_case_data",
    "tasks": "SELECT * FROM workflows_tasks",
    "timers": "SELECT * FROM workflows_timers",
    "notices": "SELECT * FROM workflows_public_notices",
}


def an_officer(*roles: str) -> Officer:
    return Officer(OfficerId(uuid4()), org="dept.data", region="470000", roles=frozenset(roles), aal=2)


PUBLISHER = an_officer("publisher")


def everything(town: Town) -> dict[str, list[str]]:
    with town.db.driver() as driver:
        return {name: sorted(map(repr, driver.execute(sql).fetchall())) for name, sql in ROWS.items()}


def kinds(town: Town, case: CaseId) -> list[str]:
    sql = "SELECT kind FROM kernel_ledger WHERE stream = %s ORDER BY seq"
    with town.db.driver() as driver:
        return [row[0] for row in driver.execute(sql, (f"case:{case}",)).fetchall()]


@pytest.fixture
def migrations(town: Town) -> Migrations:
    return Migrations(town.desk)


@pytest.fixture
def to(town: Town) -> Definition:
    fill(town, CASES)
    versions = Versions(town.db, town.clock, town.desk.definitions)
    draft = versions.draft(next_version(), "disability-card.yaml", by=an_officer("designer"))
    versions.publish(draft.hash, by=PUBLISHER)
    return draft


def test_a_trial_reports_every_case_and_writes_nothing(town: Town, migrations: Migrations, to: Definition) -> None:
    before = everything(town)
    reports = list(migrations.try_out(CARD, to=to))
    assert Counter(one.outcome for one in reports) == {"moves": CASES}
    assert len({one.case for one in reports}) == CASES
    assert any(("review", "examine") in one.steps for one in reports)
    assert all(one.due_after > one.due_before for one in reports if one.due_before and one.due_after)
    assert everything(town) == before


def test_cases_move_each_with_one_event_and_an_undo_gives_back_exactly_what_was(
    town: Town, migrations: Migrations, to: Definition
) -> None:
    before = everything(town)
    moved = list(migrations.apply(CARD, to=to, by=PUBLISHER))
    assert Counter(one.outcome for one in moved) == {"moved": CASES}
    assert {tuple(kinds(town, one.case)) for one in moved} == {("migrate",)}
    assert everything(town)["cases"] != before["cases"]
    assert list(migrations.apply(CARD, to=to, by=PUBLISHER)) == []
    assert town.cases.sweep() == []
    undone = list(migrations.undo(CARD, by=PUBLISHER, migration=1))
    assert Counter(one.outcome for one in undone) == {"undone": CASES}
    assert everything(town) == before
    assert {tuple(kinds(town, one.case)) for one in moved} == {("migrate", "undo-migration")}


def test_an_interrupted_move_is_gone_on_with(town: Town, migrations: Migrations, to: Definition) -> None:
    begun = migrations.apply(CARD, to=to, by=PUBLISHER)
    first = [next(begun) for _ in range(10)]
    begun.close()
    rest = list(Migrations(town.desk).apply(CARD, to=to, by=PUBLISHER))
    assert len({one.case for one in (*first, *rest)}) == CASES
    with town.db.driver() as driver:
        counted = driver.execute(
            "SELECT count(DISTINCT migration_id), count(*) FROM workflows_migration_cases"
        ).fetchone()
    assert counted == (1, CASES)


def test_a_case_that_went_on_is_not_undone(town: Town, migrations: Migrations, to: Definition) -> None:
    moved = list(migrations.apply(CARD, to=to, by=PUBLISHER))
    waiting = next(one for one in moved if one.steps == (("accept", "accept"),) and one.tasks[0][0] == "accept.1")
    town.act(waiting.case, "accept.1", "ok", by=town.window)
    undone = {one.case: one for one in migrations.undo(CARD, by=PUBLISHER)}
    assert (undone[waiting.case].outcome, undone[waiting.case].obstacles) == ("left", ("moved-on",))
    assert Counter(one.outcome for one in undone.values()) == {"undone": CASES - 1, "left": 1}
    with pytest.raises(MigrationUnknown):
        list(migrations.undo(CARD, by=PUBLISHER))


def test_a_case_whose_result_is_on_its_way_stays_and_says_so(town: Town, migrations: Migrations) -> None:
    case = town.publicised()
    town.move("2026-03-11")
    to = compile_text(next_version(), "card.yaml")
    assert [str(one) for one in next(migrations.try_out(CARD, to=to)).obstacles] == ["due-now"]
    town.cases.fire_due()
    assert next(migrations.try_out(CARD, to=to)).outcome == "moves"
    assert town.cases.view(case, by=town.citizen).phase == "review"


def test_only_a_publisher_moves_cases(migrations: Migrations, to: Definition) -> None:
    with pytest.raises(MayNotDraft):
        next(migrations.apply(CARD, to=to, by=an_officer("designer")))
