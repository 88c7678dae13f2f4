"""Sessions are random, stored hashed, end by idleness and by age, and belong to whoever opened them."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from gov_portal.kernel.db import Database
from identity.domain.errors import SessionUnknown, SignInNeeded
from identity.domain.values import Client, SessionToken
from tests.factories.identity import CHILD_ID_NO, CHILD_NAME, CLIENT, IdentityHouse, a_form


def test_a_session_is_checked_by_one_statement(
    house: IdentityHouse, statements: Callable[[Callable[[], object]], list[str]]
) -> None:
    token = house.register()
    assert len(statements(lambda: house.service.session(token))) == 1


def test_a_session_that_acts_for_a_ward_is_checked_by_one_statement(
    house: IdentityHouse, statements: Callable[[Callable[[], object]], list[str]]
) -> None:
    token = house.register()
    house.service.act_for(token, ward=house.child(house.citizen(token)))
    assert len(statements(lambda: house.service.session(token))) == 1


def test_the_token_itself_is_stored_nowhere(house: IdentityHouse, database: Database) -> None:
    token = house.register()
    with database.read() as connection:
        rows = connection.execute(text("SELECT s::text FROM identity_sessions s")).scalars().all()
    assert len(rows) == 1
    assert all(token not in row and token.encode().hex() not in row for row in rows)


@pytest.mark.parametrize("token", ["", "x" * 43, "\x00"])
def test_an_unknown_token_is_nobody(house: IdentityHouse, token: str) -> None:
    assert house.service.session(SessionToken(token)) is None


def test_half_an_hour_without_a_request_ends_the_session(house: IdentityHouse) -> None:
    token = house.register()
    house.pass_time(minutes=31)
    assert house.service.session(token) is None


def test_requests_keep_the_session_alive_but_not_beyond_twelve_hours(house: IdentityHouse) -> None:
    token = house.register()
    for _ in range(35):
        house.pass_time(minutes=20)
        assert house.service.session(token) is not None
    house.pass_time(minutes=20)
    assert house.service.session(token) is None


@pytest.fixture
def set_read_only(database: Database) -> Iterator[Callable[[bool], None]]:
    """Let the database take no writes, or take them again, as on a standby that is promoted."""

    def choose(is_read_only: bool) -> None:
        with database.driver() as driver:
            driver.execute(f"SET default_transaction_read_only = {'on' if is_read_only else 'off'}")

    yield choose
    choose(False)


def test_a_session_that_reads_on_outlives_an_hour_without_writing(
    house: IdentityHouse, set_read_only: Callable[[bool], None]
) -> None:
    token = house.register()
    set_read_only(True)
    for _ in range(5):
        house.pass_time(minutes=20)
        assert house.service.session(token) is not None
    set_read_only(False)
    house.pass_time(minutes=20)
    assert house.service.session(token) is not None
    house.pass_time(minutes=31)
    assert house.service.session(token) is None


def test_without_writing_a_session_still_ends_after_twelve_hours(
    house: IdentityHouse, set_read_only: Callable[[bool], None]
) -> None:
    token = house.register()
    set_read_only(True)
    house.pass_time(minutes=12 * 60 + 1)
    assert house.service.session(token) is None


def test_who_was_idle_before_writing_ended_is_signed_out(
    house: IdentityHouse, set_read_only: Callable[[bool], None], database: Database
) -> None:
    token = house.register()
    house.pass_time(minutes=31)
    with database.driver() as driver:
        sql = "INSERT INTO kernel_heartbeats VALUES ('web@x:1', 'web', %(now)s, %(now)s, '[]')"
        driver.execute(sql, {"now": house.base.now()})
    set_read_only(True)
    assert house.service.session(token) is None


def test_moving_the_business_clock_ends_no_session(house: IdentityHouse) -> None:
    token = house.register()
    house.clock.move_to(house.clock.now().replace(year=2040))
    assert house.service.session(token) is not None


def test_being_seen_is_written_once_a_minute_at_most(house: IdentityHouse, database: Database) -> None:
    token = house.register()
    before = version(database)
    house.pass_time(seconds=59)
    house.service.session(token)
    assert version(database) == before
    house.pass_time(seconds=1)
    house.service.session(token)
    assert version(database) != before


def test_signing_out_ends_the_session_and_only_that(house: IdentityHouse) -> None:
    first, second = house.register(), house.sign_in()
    house.service.sign_out(first)
    house.service.sign_out(first)
    assert house.service.session(first) is None
    assert house.service.session(second) is not None


def test_the_owner_sees_every_open_session_and_may_end_each(house: IdentityHouse) -> None:
    first = house.register(client=Client("192.0.2.9", "电脑浏览器"))
    house.pass_time(minutes=1)
    second = house.sign_in()
    views = house.service.sessions(second)
    assert [(view.device, view.is_current) for view in views] == [("手机浏览器", True), ("电脑浏览器", False)]
    house.service.end_session(second, session=views[1].session)
    assert house.service.session(first) is None
    assert len(house.service.sessions(second)) == 1


def test_nobody_ends_the_session_of_another(house: IdentityHouse) -> None:
    mine = house.register()
    theirs = house.register(a_form(CHILD_NAME, id_no=CHILD_ID_NO, phone="12000000002"))
    session = house.service.sessions(theirs)[0].session
    with pytest.raises(SessionUnknown):
        house.service.end_session(mine, session=session)
    assert house.service.session(theirs) is not None


def test_without_a_session_there_is_no_list(house: IdentityHouse) -> None:
    with pytest.raises(SignInNeeded):
        house.service.sessions(SessionToken("nothing"))


def test_a_session_never_shows_more_than_its_factors_allow(house: IdentityHouse, database: Database) -> None:
    token = house.register()
    with database.begin() as uow:
        uow.connection.execute(text("UPDATE identity_sessions SET factors = '{password}'"))
    citizen = house.citizen(token)
    assert (citizen.ial, citizen.aal) == (2, 1)


def test_old_sessions_are_forgotten(house: IdentityHouse, database: Database) -> None:
    house.register(client=CLIENT)
    house.pass_time(days=31)
    house.service.tidy()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM identity_sessions")) == 0


def version(database: Database) -> str:
    with database.read() as connection:
        return str(connection.scalar(text("SELECT xmin::text FROM identity_sessions")))
