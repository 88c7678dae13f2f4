"""Officers serve units; the nearest staffed unit above a place serves it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from gov_portal.cli.identity import DEMO_PASSWORD, demo_accounts, new_officers, seed_people
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Officer
from identity.domain.errors import ChallengeGone, OfficerUnknown, SignInRefused, TooManyAttempts
from identity.domain.values import Client, SessionToken, Unit
from identity.services.officers import Officers
from identity.services.seed import Seeder, SeedReport
from tests.factories.identity import CHILD_ID_NO, CLIENT, ID_NO, WARD_ID_NO, IdentityHouse
from tests.integration.conftest import TestServer

pytestmark = pytest.mark.xdist_group("officers")
"""Else each worker would enter everybody of the sandbox anew."""

CHECKER, CHECKERS_PHONE = "checker1.470101", "12010000002"
LEADER, LEADERS_PHONE = "leader.470101", "12010000005"


@pytest.fixture
def province(house: IdentityHouse) -> IdentityHouse:
    """The house with everybody of the sandbox's own files."""
    seed(house)
    return house


@pytest.fixture
def officers(province: IdentityHouse) -> Officers:
    return Officers(province.base)


@pytest.fixture(scope="module")
def lasting(postgres: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Officers]:
    """Everybody of the sandbox's own files, entered once for tests that only read."""
    with postgres.lent() as urls, Database(urls.app) as database:
        house = IdentityHouse(database, KeyStore(database, FileKms.create(tmp_path_factory.mktemp("secrets"))))
        seed(house)
        yield Officers(house.base)


def seed(house: IdentityHouse) -> SeedReport:
    seeder = Seeder(house.base, passwords=house.passwords)
    return seeder.seed(officers=new_officers(), people=seed_people(), password=DEMO_PASSWORD)


def sign_in(house: IdentityHouse, login: str, *, phone: str) -> SessionToken:
    begun = house.service.start_officer_sign_in(login, password=DEMO_PASSWORD, client=CLIENT)
    return house.service.confirm_officer_sign_in(begun.token, code=house.last_code(phone), client=CLIENT)


def officer(house: IdentityHouse, token: SessionToken) -> Officer:
    principal = house.service.session(token)
    assert isinstance(principal, Officer)
    return principal


def test_an_officer_signs_in_at_their_unit_with_their_posts(province: IdentityHouse) -> None:
    checker = officer(province, sign_in(province, CHECKER.upper(), phone=CHECKERS_PHONE))
    assert (checker.org, checker.region, checker.roles) == ("dept.cdpf", "470101", frozenset({"checker"}))
    assert (checker.rank, checker.aal) == ("", 2)
    leader = officer(province, sign_in(province, LEADER, phone=LEADERS_PHONE))
    assert (leader.roles, leader.rank) == (frozenset({"leader"}), "leader")


def test_an_officers_session_is_checked_by_one_statement(
    province: IdentityHouse, statements: Callable[[Callable[[], object]], list[str]]
) -> None:
    token = sign_in(province, CHECKER, phone=CHECKERS_PHONE)
    assert len(statements(lambda: province.service.session(token))) == 1


@pytest.mark.parametrize("login", [CHECKER, "nobody.470101"])
def test_wrong_password_and_unknown_login_name_give_the_same_answer(province: IdentityHouse, login: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        province.service.start_officer_sign_in(login, password="five green teapots", client=CLIENT)
    assert str(refused.value) == "identity.sign-in-refused"


def test_officers_wait_longer_with_every_failure(province: IdentityHouse) -> None:
    for _ in range(4):
        with pytest.raises(SignInRefused):
            province.service.start_officer_sign_in(CHECKER, password="five green teapots", client=CLIENT)
    with pytest.raises(TooManyAttempts) as refused:
        province.service.start_officer_sign_in(f" {CHECKER.upper()}", password=DEMO_PASSWORD, client=CLIENT)
    assert refused.value.seconds == 2
    province.pass_time(seconds=2)
    sign_in(province, CHECKER, phone=CHECKERS_PHONE)


def test_an_officers_code_opens_no_citizens_session(province: IdentityHouse) -> None:
    begun = province.service.start_officer_sign_in(CHECKER, password=DEMO_PASSWORD, client=CLIENT)
    with pytest.raises(ChallengeGone):
        province.service.confirm_sign_in(begun.token, code=province.last_code(CHECKERS_PHONE), client=CLIENT)


def test_whoever_loses_their_posts_or_is_deactivated_is_out_at_once(
    province: IdentityHouse, database: Database
) -> None:
    token, other = sign_in(province, CHECKER, phone=CHECKERS_PHONE), sign_in(province, LEADER, phone=LEADERS_PHONE)
    with database.begin() as uow:
        uow.connection.execute(text("DELETE FROM identity_posts WHERE role = 'checker'"))
        uow.connection.execute(text("UPDATE identity_officers SET is_active = false"))
    assert province.service.session(token) is None
    assert province.service.session(other) is None
    with pytest.raises(SignInRefused):
        province.service.start_officer_sign_in(LEADER, password=DEMO_PASSWORD, client=CLIENT)


@pytest.mark.parametrize(
    ("org", "region", "unit"),
    [
        ("dept.cdpf", "470101", "470101"),
        ("dept.cdpf", "470101003", "470101"),
        ("dept.justice", "470101", "470100"),
        ("dept.justice", "470102", "470100"),
        ("dept.justice", "470201", "470200"),
        ("dept.justice", None, "470100"),
        ("dept.cdpf", "470100", None),
        ("dept.cdpf", "440305", None),
        ("dept.nobody", "470101", None),
    ],
)
def test_the_nearest_staffed_unit_at_or_above_a_place_serves_it(
    lasting: Officers, org: str, region: str | None, unit: str | None
) -> None:
    found = lasting.nearest(org, region)
    assert (found.region if found else None) == unit


def test_a_unit_without_active_officers_serves_nobody(officers: Officers, database: Database) -> None:
    with database.begin() as uow:
        uow.connection.execute(
            text(
                "UPDATE identity_officers SET is_active = false WHERE id IN "
                "(SELECT officer_id FROM identity_posts WHERE org = 'dept.cdpf' AND region = '470101')"
            )
        )
    assert officers.nearest("dept.cdpf", "470101") is None


@pytest.mark.parametrize(
    ("org", "region", "role", "rank", "count"),
    [
        ("dept.cdpf", "470101", "checker", None, 3),
        ("dept.cdpf", "470201", "leader", "leader", 1),
        ("dept.cdpf", "470101", "checker", "leader", 0),
        ("dept.subdistrict", "470102", "window", None, 1),
        ("dept.health", "470102", "assessor", None, 1),
        ("dept.justice", "470100", "reviewer", None, 1),
        ("dept.justice", "470100", "leader", "leader", 1),
    ],
)
def test_every_role_of_the_shipped_items_is_staffed(
    lasting: Officers, org: str, region: str, role: str, rank: str | None, count: int
) -> None:
    eligible = lasting.eligible(Unit(org, region, ""), role=role, rank=rank)
    assert len(eligible) == count
    assert list(eligible) == sorted(eligible)


def test_names_of_officers_are_sealed_and_shown_to_those_who_ask_by_id(lasting: Officers) -> None:
    eligible = lasting.eligible(Unit("dept.cdpf", "470101", ""), role="checker")
    assert set(lasting.names(eligible).values()) == {"钱书宁", "冯若溪", "褚景行"}
    assert lasting.facts(eligible[0]).roles == frozenset({"checker"})
    assert lasting.names([]) == {}


def test_an_unknown_officer_is_told_as_such(province: IdentityHouse) -> None:
    with pytest.raises(OfficerUnknown):
        province.service.officer_facts(OfficerId(province.people.by_id_no(ID_NO)))  # type: ignore[arg-type]


def test_the_seed_adds_only_what_is_missing(house: IdentityHouse) -> None:
    first = seed(house)
    assert (first.officers, first.people, first.guardianships) == (
        len({one.login for one in new_officers()}),
        len(seed_people()),
        3,
    )
    assert seed(house) == SeedReport(0, 0, 0)


def test_seeded_citizens_sign_in_and_have_their_wards(province: IdentityHouse) -> None:
    citizen = province.citizen(province.sign_in(ID_NO, password=DEMO_PASSWORD))
    wards = {province.service.facts(view.person).id_no: view.ends_on for view in province.service.wards(citizen.person)}
    assert {number: str(end) for number, end in wards.items()} == {
        CHILD_ID_NO: "2032-06-01",
        "470101200803060310": "2026-03-06",
    }
    guarded = province.people.by_id_no(WARD_ID_NO)
    assert guarded is not None
    assert len(province.people.addressees(guarded)) == 2


def test_the_printed_accounts_exist(province: IdentityHouse) -> None:
    for number, account in enumerate(demo_accounts()):
        client = Client(f"192.0.2.{number}", "手机浏览器")
        start = province.service.start_officer_sign_in if account.is_officer else province.service.start_sign_in
        assert start(account.login, password=DEMO_PASSWORD, client=client).token


def test_printed_accounts_are_told_apart_by_office_and_post() -> None:
    labels = {account.login: account.label for account in demo_accounts()}
    assert len(set(labels.values())) == len(labels)
    assert labels["checker1.470101"] == "东样区残疾人联合会 审核 钱书宁"
    assert "运维" in labels["operator.470000"]
    assert [login for login, label in labels.items() if "残联" in label] == []
