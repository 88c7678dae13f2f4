"""A colleague of the same unit and role stands in from one day to another, and it ends by itself."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.principal import Officer
from identity.domain.values import Unit
from identity.services.absences import AbsenceClash, AbsenceDaysWrong, Absences, AbsenceUnknown, DeputyWrong
from identity.services.officers import NewOfficer, Officers
from tests.factories.identity import CLIENT, IdentityHouse

UNIT = Unit("dept.cdpf", "470101", "东样区残联")
OTHER = Unit("dept.health", "470101", "东样区卫健")
MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


@pytest.fixture
def officers(house: IdentityHouse) -> Officers:
    return Officers(house.base)


@pytest.fixture
def staff(house: IdentityHouse, officers: Officers) -> dict[str, Officer]:
    """Two checkers and a leader of one unit, and an officer of another."""
    found = {}
    for login, unit, role, rank in (
        ("first", UNIT, "checker", ""),
        ("second", UNIT, "checker", ""),
        ("chief", UNIT, "leader", "leader"),
        ("stranger", OTHER, "checker", ""),
    ):
        new = NewOfficer(login, f"{login}员", "12010009999", unit, (role,), rank=rank)
        with house.base.db.begin() as uow:
            officer = officers.enter(uow, new, password_hash="x")
        found[login] = officers.at_post(officer, org=unit.org, region=unit.region)
    return found


@pytest.fixture
def absences(house: IdentityHouse) -> Absences:
    return house.service.absences


def enter(absences: Absences, staff: dict[str, Officer], *, by: str = "first", **changes: object) -> None:
    asked = {
        "absent": staff["first"].officer,
        "deputy": staff["second"].officer,
        "first_on": MONDAY,
        "last_on": FRIDAY,
        **changes,
    }
    absences.enter(asked.pop("absent"), by=staff[by], **asked)


def at_post(officers: Officers, officer: Officer) -> Officer:
    return officers.at_post(officer.officer, org=officer.org, region=officer.region)


def test_the_deputy_covers_from_the_first_day_to_the_last(
    house: IdentityHouse, officers: Officers, absences: Absences, staff: dict[str, Officer]
) -> None:
    enter(absences, staff, first_on=MONDAY + timedelta(days=1))
    covering = []
    for _ in range(6):
        covering.append(bool(at_post(officers, staff["second"]).covers))
        house.base.clock.move_to(house.base.clock.now() + timedelta(days=1))
    assert covering == [False, True, True, True, True, False]
    assert absences.absences(staff["first"]) == ()


def test_a_session_knows_whom_it_covers(
    house: IdentityHouse, absences: Absences, staff: dict[str, Officer], statements: Callable
) -> None:
    enter(absences, staff)
    sessions = house.service._parts.sessions
    with house.base.db.begin() as uow:
        token = sessions.open_for_officer(
            uow, staff["second"].officer, unit=(UNIT.org, UNIT.region), factors=frozenset(), client=CLIENT
        )
    assert house.service.session(token).covers == frozenset({staff["first"].officer})
    assert len(statements(lambda: house.service.session(token))) == 1


def test_only_the_leader_enters_it_for_somebody_else(absences: Absences, staff: dict[str, Officer]) -> None:
    with pytest.raises(Forbidden):
        enter(absences, staff, by="second")
    enter(absences, staff, by="chief")
    (one,) = absences.absences(staff["second"])
    assert (one.officer_name, one.deputy_name, one.is_now, one.may_end) == ("first员", "second员", True, False)


@pytest.mark.parametrize("deputy", ["first", "chief", "stranger"])
def test_the_deputy_is_another_of_the_same_unit_and_role(
    absences: Absences, staff: dict[str, Officer], deputy: str
) -> None:
    with pytest.raises(DeputyWrong):
        enter(absences, staff, deputy=staff[deputy].officer)


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [(FRIDAY, MONDAY), (date(2026, 2, 1), date(2026, 3, 1)), (MONDAY, date(2027, 3, 4))],
    ids=["backwards", "over", "longer than a year"],
)
def test_the_days_must_make_sense(absences: Absences, staff: dict[str, Officer], first_on: date, last_on: date) -> None:
    with pytest.raises(AbsenceDaysWrong):
        enter(absences, staff, first_on=first_on, last_on=last_on)


def test_nobody_is_absent_twice_nor_deputy_while_absent(absences: Absences, staff: dict[str, Officer]) -> None:
    enter(absences, staff)
    with pytest.raises(AbsenceClash):
        enter(absences, staff)
    with pytest.raises(AbsenceClash):
        enter(absences, staff, by="second", absent=staff["second"].officer, deputy=staff["first"].officer)
    enter(absences, staff, first_on=FRIDAY + timedelta(days=1), last_on=FRIDAY + timedelta(days=2))


def test_it_can_be_ended_at_once_by_oneself_or_the_leader(
    officers: Officers, absences: Absences, staff: dict[str, Officer]
) -> None:
    for by in ("first", "chief"):
        enter(absences, staff)
        (one,) = absences.absences(staff["first"])
        for other in ("second", "stranger"):
            with pytest.raises(AbsenceUnknown):
                absences.end(one.id, by=staff[other])
        absences.end(one.id, by=staff[by])
        assert at_post(officers, staff["second"]).covers == frozenset()


def test_an_officer_of_two_units_works_at_the_one_they_choose(
    house: IdentityHouse, officers: Officers, staff: dict[str, Officer], database: Database
) -> None:
    me = staff["first"].officer
    with database.begin() as uow:
        uow.driver.execute(
            "INSERT INTO identity_posts (org, region, officer_id, role, rank) VALUES (%s, %s, %s, 'leader', 'leader')",
            (OTHER.org, OTHER.region, me),
        )
        token = house.service._parts.sessions.open_for_officer(
            uow, me, unit=(UNIT.org, UNIT.region), factors=frozenset(), client=CLIENT
        )
    assert [post.unit for post in house.service.posts(me)] == [UNIT, OTHER]
    house.service.switch_unit(token, org=OTHER.org, region=OTHER.region)
    here = house.service.session(token)
    assert (here.org, here.roles, here.rank) == (OTHER.org, frozenset({"leader"}), "leader")
    with pytest.raises(Forbidden):
        house.service.switch_unit(token, org="dept.police", region="470101")
