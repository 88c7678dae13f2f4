"""The directory is kept in its tables; what an operator has switched stays switched."""

from dataclasses import replace
from datetime import date

import pytest

from gov_portal.exchange.directory import DirectoryInvalid, read_directory
from gov_portal.exchange.domain import ACCOUNT_SCOPE, Grant, ResourceId, SystemId
from gov_portal.exchange.storage import StoredDirectory
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import ItemId
from tests.factories.exchange import CARD, CARD_GRANTS, PERSON, InMemoryDirectory

DIRECTORY = read_directory()


@pytest.fixture
def stored(database: Database) -> StoredDirectory:
    directory = StoredDirectory(database)
    directory.seed(DIRECTORY, CARD_GRANTS)
    return directory


@pytest.mark.parametrize("resource", [resource.id for resource in DIRECTORY.resources])
@pytest.mark.parametrize("item", [CARD, ACCOUNT_SCOPE, ItemId("admin-review")])
def test_the_tables_answer_as_the_double_does(stored: StoredDirectory, resource, item) -> None:
    assert stored.find(resource, item=item) == InMemoryDirectory().find(resource, item=item)


def test_a_resource_that_is_not_there_is_not_found(stored: StoredDirectory) -> None:
    assert stored.find(ResourceId("tax.returns"), item=CARD) == (None, None, None)


def test_seeding_again_changes_nothing(stored: StoredDirectory) -> None:
    before = stored.grants()
    stored.seed(DIRECTORY, CARD_GRANTS)
    assert stored.grants() == before


def test_seeding_again_keeps_a_system_switched_off_and_brings_fields_up_to_date(stored: StoredDirectory) -> None:
    assert stored.switch_system(SystemId("police"), is_active=False)
    stored.seed(DIRECTORY, [replace(CARD_GRANTS[0], fields=frozenset({"birth"}), until=date(2026, 12, 31))])
    _, system, grant = stored.find(PERSON, item=CARD)
    assert system is not None and not system.is_active
    assert grant is not None and (grant.fields, grant.until) == ({"birth"}, date(2026, 12, 31))


def test_grants_of_file_and_items_add_up(stored: StoredDirectory) -> None:
    more = Grant(
        item=CARD,
        resource=ResourceId("health.assessment"),
        fields=frozenset({"level"}),
        purposes=frozenset({"more"}),
    )
    stored.seed(DIRECTORY, [more])
    _, _, grant = stored.find(more.resource, item=CARD)
    assert grant is not None
    assert grant.fields == {"kind", "level", "assessed_on", "report"}
    assert grant.purposes == {"assessment", "more"}


def test_a_grant_of_a_field_that_no_resource_has_stores_nothing(database: Database) -> None:
    directory = StoredDirectory(database)
    with pytest.raises(DirectoryInvalid, match="no such field"):
        directory.seed(DIRECTORY, [replace(CARD_GRANTS[0], fields=frozenset({"income"}))])
    assert directory.grants() == ()


def test_a_system_that_is_not_there_cannot_be_switched(stored: StoredDirectory) -> None:
    assert not stored.switch_system(SystemId("tax"), is_active=False)
