"""No name, number or phone lies in any table in plain text, and a shredded key makes a person unreadable."""

import pytest
from sqlalchemy import text

from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.cli.identity import DEMO_PASSWORD, new_officers, seed_people
from gov_portal.kernel.cipher import KeyShredded
from gov_portal.kernel.db import Database
from identity.domain.errors import RegistrationRefused, SignInRefused
from identity.services.seed import Seeder
from tests.factories.identity import CLIENT, NAME, STRANGER_ID_NO, IdentityHouse, a_form


def everything(owner_database: Database) -> dict[str, str]:
    """Every row of every table as text, with byte columns readable as well."""
    with owner_database.read() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        dump = {}
        for table in tables:
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            dump[table] = "\n".join(
                value.decode("utf-8", "replace") + value.hex() if isinstance(value, bytes) else str(value)
                for row in rows
                for value in row
            )
    return dump


def test_nothing_that_says_who_somebody_is_lies_in_plain_text(house: IdentityHouse, owner_database: Database) -> None:
    Seeder(house.base, passwords=house.passwords).seed(
        officers=new_officers(), people=seed_people(), password=DEMO_PASSWORD
    )
    house.population.names["47010119921212206X"] = "沈知微"
    house.register(a_form("沈知微", id_no="47010119921212206X", phone="12000000016"))
    stranger = a_form("顾无踪", id_no=STRANGER_ID_NO, phone="12000000017")
    begun = house.service.start_registration(stranger, client=CLIENT)
    with pytest.raises(RegistrationRefused):
        house.service.confirm_registration(begun.token, code=house.last_code("12000000017"), client=CLIENT)
    with pytest.raises(SignInRefused):
        house.service.start_sign_in("12000000018", password="five green teapots", client=CLIENT)
    secrets = {
        CLIENT.address,
        "four green teapots",
        DEMO_PASSWORD,
        "顾无踪",
        STRANGER_ID_NO,
        "12000000017",
        "12000000018",
    }
    for person in seed_people():
        secrets |= {person.name, person.id_no, person.phone}
    for officer in new_officers():
        secrets |= {officer.name, officer.phone}
    secrets.discard("")
    found = {
        (table, secret)
        for table, content in everything(owner_database).items()
        for secret in secrets
        if secret in content or secret.encode().hex() in content
    }
    assert found == set()


def test_the_search_itself_finds_plain_text(house: IdentityHouse, owner_database: Database) -> None:
    house.register()
    with owner_database.begin() as uow:
        uow.connection.execute(text("UPDATE identity_sessions SET device = :name"), {"name": NAME})
    assert NAME in everything(owner_database)["identity_sessions"]


def test_equal_values_of_two_purposes_share_no_index(house: IdentityHouse) -> None:
    assert house.base.id_no_index("12000000001") != house.base.phone_index("12000000001")


def test_shredding_one_key_makes_that_person_unreadable_and_nobody_else(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    ward = house.child(guardian)
    with house.base.db.begin() as uow:
        house.base.keys.shred(uow, house.people.key_of(ward))
    with pytest.raises(KeyShredded):
        house.service.facts(ward)
    assert house.service.facts(guardian.person).name == NAME


def test_a_list_goes_on_without_whoever_cannot_be_read_any_more(house: IdentityHouse) -> None:
    guardian = house.citizen(house.register())
    ward = house.child(guardian)
    with house.base.db.begin() as uow:
        house.base.keys.shred(uow, house.people.key_of(ward))
    assert set(house.people.masked_names([guardian.person, ward])) == {guardian.person}
    house.pass_time(seconds=2 * 24 * 3600)
    assert house.service.wards(guardian.person) == ()


def test_a_person_prints_as_their_id_only(house: IdentityHouse) -> None:
    facts = house.service.facts(house.citizen(house.register()).person)
    printed = repr(facts) + repr(a_form()) + repr(CLIENT)
    assert all(secret not in printed for secret in (NAME, "470101198005010124", "12000000001", "192.0.2.1", "teapots"))


def test_the_application_may_use_every_table_of_identity(database: Database, database_urls: DatabaseUrls) -> None:
    query = text(
        "SELECT tablename FROM pg_tables WHERE tablename ~ '^(identity|messaging)_' "
        "AND NOT has_table_privilege(current_user, quote_ident(tablename), 'SELECT, INSERT, UPDATE, DELETE')"
    )
    with database.read() as connection:
        assert connection.scalars(query).all() == []
