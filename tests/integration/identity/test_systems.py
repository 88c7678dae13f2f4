"""A department's system is let in by a key, and stands for an officer who is no person."""

from datetime import timedelta

import pytest

from gov_portal.kernel.principal import Officer
from identity.domain.errors import SignInRefused, SystemKeyUnknown, UnitUnknown
from identity.domain.values import Unit
from identity.services.officers import NewOfficer, Officers
from identity.services.systems import NewSystem, Systems
from tests.factories.identity import CLIENT, IdentityHouse

HOSPITAL = Unit("dept.health", "470101", "district hospital")
NEW = NewSystem("hospital information system", HOSPITAL, ("assessor",))


@pytest.fixture
def systems(house: IdentityHouse) -> Systems:
    person = NewOfficer("assessor", "Wang", "12000000009", HOSPITAL, ("assessor",))
    with house.base.db.begin() as uow:
        Officers(house.base).enter(uow, person, password_hash="-")
    return Systems(house.base)


def test_a_key_opens_an_officer_at_its_unit_with_one_factor(systems: Systems) -> None:
    issued = systems.create(NEW)
    assert issued.secret.startswith("gsk_")
    who = systems.principal(issued.secret)
    assert who == Officer(issued.key.officer, "dept.health", "470101", frozenset({"assessor"}), aal=1, is_system=True)
    assert issued.secret not in repr(issued)


def test_a_key_is_checked_by_one_statement_once_its_use_was_noted(systems: Systems, statements) -> None:
    secret = systems.create(NEW).secret
    _, noted = statements(lambda: systems.principal(secret))
    assert "SET seen_at" in noted
    assert len(statements(lambda: systems.principal(secret))) == 1


def test_nothing_of_a_key_can_be_read_from_the_database(systems: Systems, house: IdentityHouse) -> None:
    secret = systems.create(NEW).secret
    with house.base.db.driver() as driver:
        rows = driver.execute("SELECT row_to_json(k)::text FROM identity_system_keys k").fetchall()
    assert secret not in str(rows)
    assert secret.removeprefix("gsk_") not in str(rows)


@pytest.mark.parametrize("wrong", ["", "gsk_", "gsk_" + "a" * 43, "Bearer x"])
def test_any_other_text_opens_nothing(systems: Systems, wrong: str) -> None:
    systems.create(NEW)
    assert systems.principal(wrong) is None


def test_a_revoked_key_opens_nothing_from_the_next_request_on(systems: Systems) -> None:
    issued = systems.create(NEW)
    systems.revoke(issued.key.id)
    assert systems.principal(issued.secret) is None
    with pytest.raises(SystemKeyUnknown):
        systems.revoke(issued.key.id)


def test_a_key_ends_by_itself(systems: Systems, house: IdentityHouse) -> None:
    issued = systems.create(NewSystem("short", HOSPITAL, ("assessor",), timedelta(hours=1)))
    house.security_clock.move_to(house.security_clock.now() + timedelta(hours=1))
    assert systems.principal(issued.secret) is None


def test_while_keys_overlap_both_open_the_same_system(systems: Systems, house: IdentityHouse) -> None:
    old = systems.create(NEW)
    new = systems.rotate(old.key.id, overlap=timedelta(hours=2))
    assert systems.principal(old.secret) == systems.principal(new.secret)
    house.security_clock.move_to(house.security_clock.now() + timedelta(hours=2))
    assert systems.principal(old.secret) is None
    assert systems.principal(new.secret) is not None


def test_a_system_is_never_drawn_or_counted_as_staff(systems: Systems, house: IdentityHouse) -> None:
    issued = systems.create(NEW)
    officers = Officers(house.base)
    assert issued.key.officer not in officers.eligible(HOSPITAL, role="assessor")
    with house.base.db.driver() as driver:
        driver.execute("UPDATE identity_officers SET is_active = false WHERE kind = 'person'")
    assert officers.nearest("dept.health", "470101") is None


def test_a_system_has_no_password(systems: Systems, house: IdentityHouse) -> None:
    systems.create(NEW)
    with house.base.db.driver() as driver:
        driver.execute(
            "UPDATE identity_officers SET login_index = %s, password_hash = %s WHERE kind = 'system'",
            (house.base.login_index("robot"), house.passwords.hash("open sesame now")),
        )
    with pytest.raises(SignInRefused):
        house.service.start_officer_sign_in("robot", password="open sesame now", client=CLIENT)


def test_a_system_needs_a_unit(systems: Systems) -> None:
    with pytest.raises(UnitUnknown):
        systems.create(NewSystem("x", Unit("dept.health", "999999", ""), ("assessor",)))


def test_the_list_shows_roles_and_use_but_no_secret(systems: Systems) -> None:
    issued = systems.create(NEW)
    systems.principal(issued.secret)
    (shown,) = systems.list_keys()
    assert shown.roles == {"assessor"}
    assert shown.seen_at is not None
    assert issued.secret not in str(shown)
