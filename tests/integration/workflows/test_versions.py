"""One person drafts an item, another publishes it; it holds from its day on, in its region, until it is rolled back."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from gov_portal.kernel.ids import ItemId, OfficerId
from gov_portal.kernel.principal import Citizen, Officer
from tests.factories.town import CARD, ITEMS, Town
from workflows.definitions import Definitions, ItemUnknown
from workflows.domain.definition import Definition
from workflows.dsl.lint import compile_whole
from workflows.services.migrations import Migrations
from workflows.services.versions import (
    AlreadyHolds,
    EffectiveInPast,
    MayNotDraft,
    NothingToRollBack,
    RegionNotYours,
    SamePerson,
    Versions,
    VersionTaken,
    WrittenForRegion,
)

SOURCE = (ITEMS / "disability-card.yaml").read_text()


def an_officer(*roles: str, region: str = "470000") -> Officer:
    return Officer(OfficerId(uuid4()), org="dept.data", region=region, roles=frozenset(roles), aal=2)


DESIGNER, PUBLISHER, BOTH = an_officer("designer"), an_officer("publisher"), an_officer("designer", "publisher")


def text_of(version: int) -> str:
    return SOURCE.replace("version: 3", f"version: {version}").replace("visits: 1", f"visits: {version}")


@pytest.fixture
def versions(town: Town) -> Versions:
    return Versions(town.db, town.clock, town.desk.definitions)


def drafted(versions: Versions, version: int = 4, by: Officer = DESIGNER) -> Definition:
    return versions.draft(text_of(version), "disability-card.yaml", by=by)


def current(town: Town, region: str = "") -> int:
    return town.desk.definitions.current(CARD, region=region).facts.version


def test_a_draft_holds_for_nobody_until_somebody_else_publishes_it(town: Town, versions: Versions) -> None:
    draft = drafted(versions)
    assert current(town) == 3
    versions.publish(draft.hash, by=PUBLISHER)
    assert current(town) == 4
    states = [(one.version, one.state) for one in versions.versions(CARD)]
    assert states == [(4, "holds"), (3, "replaced")]


def test_every_process_begins_cases_on_it_without_a_restart(town: Town, versions: Versions, monkeypatch) -> None:
    other = Definitions(town.db, clock=town.clock)
    assert other.current(CARD).facts.version == 3
    versions.publish(drafted(versions).hash, by=PUBLISHER)
    monkeypatch.setattr("workflows.definitions._FRESH_S", 0.0)
    assert other.current(CARD).facts.version == 4


def test_it_takes_two_with_the_posts_for_it(town: Town, versions: Versions) -> None:
    with pytest.raises(MayNotDraft):
        drafted(versions, by=PUBLISHER)
    own = drafted(versions, by=BOTH)
    with pytest.raises(SamePerson):
        versions.publish(own.hash, by=BOTH)
    with pytest.raises(MayNotDraft):
        versions.publish(own.hash, by=DESIGNER)
    assert current(town) == 3


def test_other_content_needs_another_number(versions: Versions) -> None:
    with pytest.raises(VersionTaken):
        versions.draft(SOURCE.replace("visits: 1", "visits: 0"), "disability-card.yaml", by=DESIGNER)
    assert drafted(versions).hash == drafted(versions).hash


def test_a_version_holds_from_its_day_on(town: Town, versions: Versions, monkeypatch) -> None:
    monkeypatch.setattr("workflows.definitions._FRESH_S", 0.0)
    draft = drafted(versions)
    with pytest.raises(EffectiveInPast):
        versions.publish(draft.hash, by=PUBLISHER, effective_at=town.clock.now() - timedelta(days=1))
    versions.publish(draft.hash, by=PUBLISHER, effective_at=town.clock.now() + timedelta(days=3))
    assert (current(town), versions.versions(CARD)[0].state) == (3, "planned")
    town.move("2026-03-10")
    assert (current(town), versions.versions(CARD)[0].state) == (4, "holds")


def test_a_city_has_its_own_version(town: Town, versions: Versions) -> None:
    draft = drafted(versions)
    city = an_officer("publisher", region="470100")
    for region in ("", "470201", "everywhere"):
        with pytest.raises(RegionNotYours):
            versions.publish(draft.hash, by=city, region=region)
    versions.publish(draft.hash, by=city, region="470100")
    assert [current(town, region) for region in ("", "470101", "470201")] == [3, 4, 3]
    case = town.cases.begin(CARD, by=town.citizen, region="470101")
    with town.db.driver() as driver:
        row = driver.execute("SELECT definition_hash FROM workflows_cases WHERE id = %s", (case,)).fetchone()
    assert row == (draft.hash,)
    view = town.cases.view(case, by=town.citizen)
    assert town.cases.pinned(view.pinned).facts.version == 4
    assert town.cases.item(CARD).facts.version == 3


def test_who_chooses_no_place_applies_where_the_account_names_it(town: Town, versions: Versions) -> None:
    versions.publish(drafted(versions).hash, by=PUBLISHER, region="470100")
    elsewhere = town.doubles.people.add("远客", id_no="110101199001011237")
    assert town.cases.home_region(CARD, by=town.citizen) == "470101"
    assert [_version(town, by) for by in (town.citizen, elsewhere)] == [4, 3]
    assert town.desk.definitions.regions(CARD) == ("470100",)
    assert town.cases.home_region(ItemId("admin-review"), by=town.citizen) == ""


PERMIT = ItemId("market.food-permit")
IN_CITY = ITEMS / "470200" / "food-permit.yaml"


def test_what_a_city_has_otherwise_holds_there_alone(town: Town, versions: Versions) -> None:
    (own,) = town.desk.definitions.publish([IN_CITY])
    assert town.desk.definitions.publish([IN_CITY]) == ()
    items = [town.desk.definitions.current(PERMIT, region=region) for region in ("", "470101", "470201")]
    assert [one.facts.promised.amount for one in items] == [18, 18, 16]
    assert ["health" in [paper.id for paper in one.materials] for one in items] == [False, False, True]
    changed = IN_CITY.read_text().replace("从业人员健康证明", "健康证").replace("version: 1, r", "version: 2, r")
    draft = versions.draft(changed, "food-permit.yaml", by=DESIGNER)
    with pytest.raises(VersionTaken):
        versions.draft(changed.replace("健康证", "体检报告"), "food-permit.yaml", by=DESIGNER)
    with pytest.raises(WrittenForRegion):
        versions.publish(draft.hash, by=PUBLISHER, region="470100")
    versions.publish(draft.hash, by=PUBLISHER)
    items = [town.desk.definitions.current(PERMIT, region=region) for region in ("", "470200")]
    assert [one.facts.version for one in items] == [1, 2]
    assert {one.region for one in versions.versions(PERMIT) if one.hash in (own.hash, draft.hash)} == {"470200"}


def test_cases_of_a_city_stay_when_the_others_move(town: Town) -> None:
    town.desk.definitions.publish([IN_CITY])
    here = town.cases.begin(PERMIT, by=town.citizen, region="470201")
    there = town.cases.begin(PERMIT, by=town.stranger, region="")
    migrations = Migrations(town.desk)
    everywhere = town.desk.definitions.current(PERMIT)
    changed = (
        (ITEMS / "food-permit.yaml").read_text().replace("version: 1", "version: 2").replace("visits: 0 ", "visits: 1 ")
    )
    moved = compile_whole(changed, "food-permit.yaml").definition
    assert moved.hash != everywhere.hash
    assert {one.case for one in migrations.try_out(PERMIT, to=moved)} == {there}
    assert here != there


def _version(town: Town, by: Citizen) -> int:
    case = town.cases.begin(CARD, by=by)
    return town.cases.pinned(town.cases.draft(case, by=by).pinned).facts.version


def test_a_roll_back_is_one_step_and_running_cases_stay(town: Town, versions: Versions) -> None:
    versions.publish(drafted(versions).hash, by=PUBLISHER)
    case = town.submitted()
    with pytest.raises(AlreadyHolds):
        versions.publish(drafted(versions).hash, by=PUBLISHER)
    assert versions.roll_back(CARD, by=PUBLISHER).facts.version == 3
    assert current(town) == 3
    town.act(case, "accept.1", "ok", by=town.window)
    with pytest.raises(NothingToRollBack):
        versions.roll_back(CARD, by=PUBLISHER)


def test_the_ledger_says_who_drafted_published_and_took_back(town: Town, versions: Versions) -> None:
    versions.publish(drafted(versions).hash, by=PUBLISHER)
    versions.roll_back(CARD, by=PUBLISHER)
    sql = "SELECT kind, actor FROM kernel_ledger WHERE stream = %s ORDER BY seq"
    with town.db.driver() as driver:
        rows = driver.execute(sql, (f"item:{CARD}",)).fetchall()
    assert rows == [
        ("item-released", "platform:seed"),
        ("item-drafted", f"officer:{DESIGNER.officer}"),
        ("item-released", f"officer:{PUBLISHER.officer}"),
        ("item-rolled-back", f"officer:{PUBLISHER.officer}"),
    ]


def test_a_file_with_faults_becomes_no_draft(versions: Versions, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="E"):
        versions.draft(SOURCE.replace("deemed: ok", "deemed: okay"), "x.yaml", by=DESIGNER)
    assert all(one.state != "draft" for one in versions.versions(CARD))


def test_what_is_published_is_given_at_once_what_it_declares_to_use(town: Town) -> None:
    entered: list[int] = []

    class Book:
        def enter(self, published) -> None:
            entered.extend(one.facts.version for one in published if one.facts.id == CARD)

    versions = Versions(town.db, town.clock, town.desk.definitions, grants=Book())
    draft = drafted(versions)
    assert entered == []
    versions.publish(draft.hash, by=PUBLISHER)
    assert entered == [4]


def test_a_version_is_found_by_the_beginning_of_its_hash_and_compared_by_meaning(versions: Versions) -> None:
    draft = drafted(versions)
    kept = versions.find(draft.hash[:8])
    assert (kept.file, kept.source) == ("disability-card.yaml", text_of(4))
    assert [one.state for one in kept.releases] == ["draft"]
    (held,) = [one for one in versions.versions(CARD) if one.state == "holds"]
    changed = {(one.section, one.attribute, one.after) for one in versions.differences(held.hash, draft.hash)}
    assert {one[1] for one in changed} == {"version", "visits"}
    named = {(one.section, one.name) for one in versions.mentions("police.person") if one.item == CARD}
    assert ("prefill", "police.person") in named


@pytest.mark.parametrize("name", ["", "abc", "x" * 64, "0" * 64, "0" * 65, "'%\0--------"])
def test_what_names_no_version_is_unknown(versions: Versions, name: str) -> None:
    with pytest.raises(ItemUnknown):
        versions.find(name)
