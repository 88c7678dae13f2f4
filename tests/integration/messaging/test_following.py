"""Who follows the ledger misses nothing and tells nothing twice; a step pays nothing for it."""

import threading
from datetime import UTC, datetime

import pytest

from gov_portal.kernel import ledger
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import LicenceId
from gov_portal.kernel.ledger import Fact, following
from gov_portal.kernel.ledger.following import CursorMoved
from gov_portal.kernel.principal import Officer
from gov_portal.messaging.events import EVENTS
from gov_portal.messaging.posting import Poster
from gov_portal.messaging.webhooks import Webhooks
from gov_portal.wiring.to_messaging import Follower
from tests.factories.ledger import settle
from tests.factories.town import CARD, Town, build_town
from workflows.services.chronicle import Chronicle

NAME = "test"
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def write(database: Database, stream: str) -> None:
    with database.begin() as uow:
        ledger.append(uow, Fact(stream=stream, kind="noted", actor="platform:test", body=b"{}", at=AT))


def follow(database: Database) -> list[str]:
    """Tell what is new once nothing older is open any more."""
    settle(database)
    return follow_now(database)


def follow_now(database: Database) -> list[str]:
    """Tell what is new, as a follower does."""
    told: list[str] = []
    while (stretch := following.read_on(database, NAME)) is not None:
        with database.begin() as uow:
            following.move_on(uow, NAME, stretch)
        told += [row.stream for row in stretch.rows]
    return told


def test_each_row_is_told_once(database: Database) -> None:
    write(database, "a")
    write(database, "b")
    assert follow(database) == ["a", "b"]
    assert follow(database) == []
    write(database, "a")
    assert follow(database) == ["a"]


def test_a_transaction_that_ends_late_is_not_passed_over(database: Database, connect, database_urls) -> None:
    slow = connect(database_urls.app)
    with slow.begin() as uow:
        ledger.append(uow, Fact(stream="slow", kind="noted", actor="platform:test", body=b"{}", at=AT))
        write(database, "quick")
        assert follow_now(database) == []
    assert sorted(follow(database)) == ["quick", "slow"]


def test_two_followers_do_not_tell_the_same(database: Database) -> None:
    write(database, "a")
    settle(database)
    stretch = following.read_on(database, NAME)
    assert stretch is not None
    assert follow(database) == ["a"]
    with pytest.raises(CursorMoved), database.begin() as uow:
        following.move_on(uow, NAME, stretch)


def test_many_writers_and_two_followers_lose_and_double_nothing(database: Database) -> None:
    streams = [f"s{number:03}" for number in range(120)]
    told: list[str] = []
    done = threading.Event()

    def write_some(part: list[str]) -> None:
        for stream in part:
            write(database, stream)

    def follow_along() -> None:
        while not done.is_set() or following.read_on(database, NAME) is not None:
            stretch = following.read_on(database, NAME)
            if stretch is None:
                continue
            try:
                with database.begin() as uow:
                    following.move_on(uow, NAME, stretch)
            except CursorMoved:
                continue
            told.extend(row.stream for row in stretch.rows)

    writers = [threading.Thread(target=write_some, args=(streams[first::3],)) for first in range(3)]
    followers = [threading.Thread(target=follow_along) for _ in range(2)]
    for thread in (*writers, *followers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in followers:
        thread.join()
    told += follow(database)
    assert sorted(told) == streams


def test_a_database_that_was_restored_goes_on_with_what_comes(database: Database) -> None:
    with database.driver() as driver:
        driver.execute("INSERT INTO kernel_ledger_cursors VALUES (%s, 4000000000)", (NAME,))
    assert follow(database) == []
    write(database, "a")
    assert follow(database) == ["a"]


class NoLicences:
    def case_of(self, licence: LicenceId) -> None:
        return None


@pytest.fixture
def town(database: Database, keys: KeyStore, files: FileStore) -> Town:
    return build_town(database, keys, files)


class Watch:
    """Follow a town on behalf of a unit."""

    def __init__(self, town: Town, officer: Officer) -> None:
        self.town = town
        self.webhooks = Webhooks(town.db, keys=town.desk.keys, poster=Poster(is_sandbox=True))
        self.webhook = self.webhooks.subscribe("http://127.0.0.1:9/", EVENTS, by=officer).webhook.id
        self.follower = Follower(town.db, cases=Chronicle(town.desk), licences=NoLicences(), webhooks=self.webhooks)
        self.officer = officer

    def told(self) -> list[tuple[str, dict]]:
        settle(self.town.db)
        self.follower.follow()
        found = self.webhooks.deliveries(self.webhook, by=self.officer, limit=100)
        return [(one.event, dict(one.data)) for one in reversed(found)]


def test_a_unit_hears_of_a_case_from_submission_to_its_own_task(town: Town) -> None:
    watch = Watch(town, town.assessor)
    case = town.draft()
    assert watch.told() == []
    town.cases.submit(case, by=town.citizen)
    town.act(case, "accept.1", "ok", by=town.window)
    told = watch.told()
    assert sorted(event for event, _ in told) == ["case.accepted", "case.submitted", "task.opened"]
    facts = dict(told)
    assert facts["case.submitted"]["case"] == str(case)
    assert facts["case.submitted"]["item"] == CARD
    assert facts["task.opened"]["task"] == "assess.1"
    assert {name for data in facts.values() for name in data} <= {"case", "case_number", "item", "task", "step"}
    assert watch.told() == told


def test_each_hears_of_its_own_tasks_only(town: Town) -> None:
    window, assessor = Watch(town, town.window), Watch(town, town.assessor)
    town.submitted()
    assert [data["task"] for event, data in window.told() if event == "task.opened"] == ["accept.1"]
    assert [event for event, _ in assessor.told()] == ["case.submitted"]


def test_who_has_no_part_hears_nothing(town: Town) -> None:
    watch = Watch(town, town.elsewhere)
    town.accepted()
    assert watch.told() == []


def test_a_supplement_and_the_end_are_told(town: Town) -> None:
    watch = Watch(town, town.window)
    case = town.submitted()
    town.supplement(case, "claim.cause")
    town.cases.withdraw(case, by=town.citizen)
    told = watch.told()
    assert [event for event, _ in told if event.startswith("case.")] == [
        "case.submitted",
        "case.supplement_requested",
        "case.closed",
    ]
    assert dict(told)["case.closed"]["outcome"] == "withdrawn"


def test_acceptance_is_told_once_though_a_case_comes_back(town: Town) -> None:
    watch = Watch(town, town.window)
    case = town.accepted()
    town.deliver_all()
    town.assess(case)
    assert [event for event, _ in watch.told()].count("case.accepted") == 1


def test_a_case_that_cannot_be_opened_any_more_stops_nobody(town: Town) -> None:
    watch = Watch(town, town.window)
    town.submitted()
    with town.db.begin() as uow:
        town.desk.keys.shred(uow, town.doubles.people.key_of(town.citizen.person))
    other = town.newcomer()
    town.submitted(other)
    assert [event for event, _ in watch.told()].count("case.submitted") == 1


def test_what_happens_is_counted_by_item(town: Town) -> None:
    watch = Watch(town, town.window)
    case = town.accepted()
    town.draft(town.newcomer())
    town.cases.withdraw(case, by=town.citizen)
    watch.told()
    watch.told()
    with town.db.driver() as driver:
        counts = dict(driver.execute("SELECT what, count FROM workflows_counts WHERE item = %s", (CARD,)).fetchall())
    assert counts == {"started": 2, "submitted": 1, "accepted": 1, "closed:withdrawn": 1}
