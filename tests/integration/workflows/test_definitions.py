"""Published versions are found by hash; a case keeps the one that it began with."""

from pathlib import Path

import pytest

from gov_portal.kernel.db import Database
from tests.factories.town import CARD, ITEMS, Town
from workflows.compiling import DefinitionChanged
from workflows.definitions import Definitions, ItemUnknown
from workflows.dsl.lint import DefinitionInvalid

SOURCE = ITEMS / "disability-card.yaml"


def changed(tmp_path: Path) -> Path:
    path = tmp_path / "disability-card.yaml"
    path.write_text(SOURCE.read_text().replace("version: 3", "version: 4").replace("visits: 1", "visits: 0"))
    return path


def test_publishing_again_publishes_nothing(town: Town) -> None:
    assert town.desk.definitions.publish([SOURCE]) == ()


def test_a_running_case_keeps_its_version_and_a_new_one_takes_the_new(town: Town, tmp_path: Path) -> None:
    case = town.submitted()
    (new,) = town.desk.definitions.publish([changed(tmp_path)])
    assert town.cases.item(CARD).facts.version == 4
    with town.db.driver() as driver:
        row = driver.execute("SELECT definition_hash FROM workflows_cases WHERE id = %s", (case,)).fetchone()
    assert row[0] != new.hash
    town.act(case, "accept.1", "ok", by=town.window)
    assert town.desk.definitions.by_hash(row[0]).facts.version == 3


def test_an_earlier_version_can_be_published_again(town: Town, tmp_path: Path) -> None:
    town.desk.definitions.publish([changed(tmp_path)])
    town.desk.definitions.publish([SOURCE])
    assert town.cases.item(CARD).facts.version == 3
    assert [row.item for row in town.cases.items()].count(CARD) == 1


def test_a_faulty_file_publishes_nothing_at_all(town: Town, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(SOURCE.read_text().replace("deemed: ok", "deemed: okay"))
    with pytest.raises(DefinitionInvalid):
        town.desk.definitions.publish([changed(tmp_path), broken])
    assert town.cases.item(CARD).facts.version == 3


def test_nothing_is_published_that_opens_what_is_not_kept(database: Database) -> None:
    definitions, bundle = Definitions(database), ITEMS / "start-business.yaml"
    with pytest.raises(DefinitionInvalid) as refused:
        definitions.publish([bundle])
    faults = refused.value.findings
    assert {one.code for one in faults} == {"E850"}
    lines = bundle.read_text().split("\n")
    assert "market.company-register" in faults[0].message
    assert "market.company-register" in lines[faults[0].at.line - 1]
    assert definitions.published() == ()
    parts = ("company-register", "seal-filing", "tax-registration", "insurance-account", "fund-account")
    definitions.publish([bundle, *(ITEMS / f"{name}.yaml" for name in parts)])
    assert [one.facts.id for one in definitions.published() if one.is_bundle] == ["market.start-business"]


def test_a_source_that_was_changed_in_the_table_is_not_used(town: Town, database: Database) -> None:
    digest = town.cases.item(CARD).hash
    with database.driver() as driver:
        driver.execute(
            "UPDATE workflows_definitions SET source = replace(source, '15wd', '16wd') WHERE item = %s", (CARD,)
        )
    with pytest.raises(DefinitionChanged):
        Definitions(database).by_hash(digest)


def test_an_unknown_hash_is_not_found(database: Database) -> None:
    with pytest.raises(ItemUnknown):
        Definitions(database).by_hash("0" * 64)
