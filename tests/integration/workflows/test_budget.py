"""One step from person to person costs at most six statements and six rows, whatever the age of the case."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, FileId, ItemId, TaskKey
from tests.factories.town import Town, build_town, photo
from tests.factories.wire import executed, rows_written, traced
from workflows.domain.commands import ActOn
from workflows.services.errors import CaseUnknown

RELAY = Path(__file__).parents[2] / "factories" / "relay.yaml"
MOST_STATEMENTS = 6
MOST_ROWS = 6
MOST_ROUND_TRIPS = 4


@pytest.fixture
def town(database_urls, keys: KeyStore, files: FileStore) -> Iterator[Town]:
    """A town whose services have one connection, so that everything that is sent can be read along."""
    database = Database(database_urls.app, pool_size=1)
    town = build_town(database, keys, files)
    town.desk.definitions.publish([RELAY])
    yield town
    database.dispose()


def relayed(town: Town) -> CaseId:
    case = town.cases.begin(ItemId("test.relay"), by=town.citizen)
    raw = {"applicant.region": "470101", "request.aim": "样例"}
    town.cases.save_page(case, page="request", raw=raw, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    return case


def step(town: Town, case: CaseId) -> None:
    town.cases.act(case, ActOn(TaskKey("first.1"), "ok"), by=town.checkers[0], key="k")


@pytest.fixture
def driver(town: Town) -> Driver:
    with town.db.driver() as driver:
        return driver


@pytest.fixture
def warm(town: Town) -> None:
    """Have every statement prepared once, as in a process that has run for a while."""
    step(town, relayed(town))


def test_a_step_from_officer_to_officer_is_two_statements(
    town: Town, driver: Driver, warm: None, tmp_path: Path
) -> None:
    case = relayed(town)
    with traced(driver, tmp_path / "trace"):
        step(town, case)
    statements, messages = len(executed(tmp_path / "trace")), (tmp_path / "trace").read_text()
    round_trips = len(re.findall(r"^B\t\d+\tReadyForQuery", messages, re.MULTILINE))
    assert 0 < statements <= MOST_STATEMENTS
    assert 0 < round_trips <= MOST_ROUND_TRIPS
    assert (statements, round_trips) == (2, 2)


def test_a_step_from_officer_to_officer_writes_at_most_six_rows(town: Town, driver: Driver, warm: None) -> None:
    case = relayed(town)
    before = rows_written(driver)
    step(town, case)
    written = rows_written(driver) - before
    # case with the request, event, closed task and when it was open, opened task
    assert written == 5
    assert written <= MOST_ROWS


def test_writing_a_field_group_is_one_row_more(town: Town, driver: Driver) -> None:
    case = town.accepted()
    report = town.cases.attach(case, "assess.report", photo(), claimed_type="image/png", by=town.assessor)
    fields = {"assess.kind": "hearing", "assess.level": "2", "assess.report": str(report)}
    before = rows_written(driver)
    town.cases.act(case, ActOn(TaskKey("assess.1"), "done", fields), by=town.assessor, key="k")
    # case with the request, event, closed task and when it was open, field group; the other branch is still open
    assert rows_written(driver) - before == 5


def test_a_refused_step_writes_nothing(town: Town, driver: Driver) -> None:
    case = relayed(town)
    step(town, case)
    before = rows_written(driver)
    with pytest.raises(Exception, match="case.stale-task"):
        town.cases.act(case, ActOn(TaskKey("first.1"), "ok"), by=town.checkers[1], key="other")
    assert rows_written(driver) == before


def test_a_case_of_somebody_else_and_none_at_all_cannot_be_told_apart(
    town: Town, driver: Driver, tmp_path: Path
) -> None:
    case, by, raw = town.draft(), town.stranger, {"claim.cause": "x"}
    asked: dict[str, Callable[[CaseId], object]] = {
        "view": lambda one: town.cases.view(one, by=by),
        "draft": lambda one: town.cases.draft(one, by=by),
        "keep": lambda one: town.cases.keep_typed(one, page="basic", raw=raw, by=by),
        "save": lambda one: town.cases.save_page(one, page="basic", raw=raw, by=by),
        "attach": lambda one: town.cases.attach(one, "applicant.photo", photo(), claimed_type="image/png", by=by),
        "file": lambda one: town.cases.file(one, FileId(uuid4()), by=by),
        "submit": lambda one: town.cases.submit(one, by=by),
        "discard": lambda one: town.cases.discard(one, by=by),
    }

    def refused(name: str, one: CaseId) -> tuple[object, ...]:
        with traced(driver, tmp_path / name), pytest.raises(CaseUnknown) as refusal:
            asked[name](one)
        return (str(refusal.value), executed(tmp_path / name))

    for name in asked:
        refused(name, case)  # prepares its statement
        answer = refused(name, case)
        assert answer == refused(name, CaseId(uuid4()))
        assert answer[1]
