"""A licence that is shown: for a minute by security time, to whoever scans it, and never to anybody else."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import LicenceId, PersonId
from gov_portal.kernel.principal import Citizen, Platform
from gov_portal.licences.domain import LicenceNotFound, LicenceStatus, LicenceView
from gov_portal.licences.presentation import LicenceNotInForce, PresentedLicence, ShownOnce
from tests.integration.licences.conftest import Desk

NEUTRAL = PresentedLicence(status=LicenceStatus.UNKNOWN)


def later(desk: Desk, seconds: float) -> None:
    desk.security_clock.move_to(desk.security_clock.now() + timedelta(seconds=seconds))


def citizen(person: PersonId, *, acting_for: PersonId | None = None) -> Citizen:
    return Citizen(person, ial=3, aal=2, acting_for=acting_for)


@pytest.fixture
def licence(desk: Desk) -> LicenceView:
    return desk.service.issue(desk.order())


def shown_code(desk: Desk, licence: LicenceView) -> str:
    return desk.presentations.present(licence.licence, by=citizen(desk.holder)).code


def test_whoever_scans_sees_name_masked_number_and_validity(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    later(desk, 8)
    found = desk.presentations.check(code)
    assert (found.status, found.name, found.issuer) == (LicenceStatus.VALID, "残疾人证", "东样区残疾人联合会")
    assert (found.holder, found.has_photo) == ("样小禾", True)
    assert found.number_masked.count("*") >= 8
    assert found.number_masked[-4:] == "0028"
    assert (found.issued_on, found.valid_until) == (licence.issued_on, licence.valid_until)
    assert (found.checked_at, found.checks) == (desk.security_clock.now(), 1)


def test_a_code_and_its_address_tell_nothing_of_the_holder(desk: Desk, licence: LicenceView) -> None:
    shown = desk.presentations.present(licence.licence, by=citizen(desk.holder))
    assert shown.url == f"http://127.0.0.1:8000/verify/shown/{shown.code}"
    for known in (str(licence.licence), str(desk.holder), licence.identifier, licence.number, "0028"):
        assert known not in shown.url
    assert "样小禾" not in repr(shown)


def test_making_a_code_writes_nothing(desk: Desk, licence: LicenceView) -> None:
    shown_code(desk, licence)
    with desk.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM licences_presentations")).scalar_one() == 0


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(59.999, LicenceStatus.VALID), (60, LicenceStatus.UNKNOWN), (3600, LicenceStatus.UNKNOWN)],
    ids=["last moment", "sixty seconds", "an hour"],
)
def test_a_code_lives_for_sixty_seconds(
    desk: Desk, licence: LicenceView, seconds: float, status: LicenceStatus
) -> None:
    code = shown_code(desk, licence)
    later(desk, seconds)
    assert desk.presentations.check(code).status is status


def test_moving_business_time_makes_no_code_older_or_younger(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    desk.clock.move_to(datetime.fromisoformat("2027-04-01T10:00+08:00"))
    assert desk.presentations.check(code).status is LicenceStatus.VALID
    later(desk, 61)
    desk.clock.move_to(datetime.fromisoformat("2026-04-01T10:00+08:00"))
    assert desk.presentations.check(code) == NEUTRAL


def test_a_code_can_be_checked_again_while_it_lives_and_says_so(desk: Desk, licence: LicenceView) -> None:
    code, first_at = shown_code(desk, licence), desk.security_clock.now()
    assert desk.presentations.check(code).checks == 1
    later(desk, 20)
    again = desk.presentations.check(code)
    assert (again.status, again.checks, again.first_checked_at) == (LicenceStatus.VALID, 2, first_at)
    later(desk, 40)
    assert desk.presentations.check(code) == NEUTRAL


def test_of_many_checks_at_once_one_is_the_first(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: desk.presentations.check(code), range(8)))
    assert sorted(one.checks for one in found) == list(range(1, 9))
    assert facts(desk, licence) == ["issued", "presented"]


def facts(desk: Desk, licence: LicenceView) -> list[str]:
    with desk.db.read() as connection:
        sql = text("SELECT kind FROM kernel_ledger WHERE stream = :stream ORDER BY seq")
        return list(connection.execute(sql, {"stream": f"licence:{licence.licence}"}).scalars())


def test_a_presentation_is_a_fact_of_the_ledger_without_who_checked(desk: Desk, licence: LicenceView) -> None:
    made_at, code = desk.security_clock.now(), shown_code(desk, licence)
    later(desk, 8)
    desk.presentations.check(code)
    desk.presentations.check(code)
    with desk.db.read() as connection:
        sql = text("SELECT actor, body FROM kernel_ledger WHERE kind = 'presented'")
        ((actor, body),) = connection.execute(sql).all()
    assert actor == "platform:verify"
    assert json.loads(bytes(body)) == {
        "identifier": licence.identifier,
        "version": 1,
        "made_at": made_at.isoformat(),
        "checked_at": desk.security_clock.now().isoformat(),
    }


def test_the_holder_sees_when_it_was_shown(desk: Desk, licence: LicenceView) -> None:
    assert desk.presentations.shown(licence.licence, by=citizen(desk.holder)) == []
    made_at, code = desk.security_clock.now(), shown_code(desk, licence)
    later(desk, 8)
    desk.presentations.check(code)
    assert desk.presentations.shown(licence.licence, by=citizen(desk.holder)) == [
        ShownOnce(made_at=made_at, checked_at=desk.security_clock.now(), checks=1)
    ]


def test_a_licence_revoked_after_the_code_was_made_is_refused(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    desk.service.revoke(licence.licence, reason="x", idempotency_key="undo-1")
    found = desk.presentations.check(code)
    assert (found.status, found.ended_on) == (LicenceStatus.REVOKED, licence.issued_on)


def test_a_code_belongs_to_the_version_it_was_made_for(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    desk.service.supersede(licence.licence, desk.values(grade="g1"), idempotency_key="again-1", by=Platform())
    assert desk.presentations.check(code).status is LicenceStatus.SUPERSEDED
    assert desk.presentations.check(shown_code(desk, licence)).status is LicenceStatus.VALID


@pytest.mark.parametrize("place", [0, 5, 9, 20, 32, 47])
def test_a_code_with_one_other_letter_is_none(desk: Desk, licence: LicenceView, place: int) -> None:
    code = shown_code(desk, licence)
    other = "A" if code[place] != "A" else "B"
    assert desk.presentations.check(code[:place] + other + code[place + 1 :]) == NEUTRAL


@pytest.mark.parametrize(
    "code", ["", "A" * 48, "-" * 48, "A" * 5000, "证" * 48, "' OR 1=1 --", "A" * 47 + "=", "A" * 47 + "\0"]
)
def test_what_is_no_code_gets_the_neutral_answer(desk: Desk, licence: LicenceView, code: str) -> None:
    assert desk.presentations.check(code) == NEUTRAL
    with pytest.raises(NotFound):
        desk.presentations.photo(code)


def test_nobody_can_show_what_somebody_else_holds(desk: Desk, licence: LicenceView) -> None:
    stranger = PersonId(uuid4())
    desk.presentations.present(licence.licence, by=citizen(stranger, acting_for=desk.holder))
    for other in (citizen(stranger), citizen(desk.holder, acting_for=stranger)):
        with pytest.raises(LicenceNotFound):
            desk.presentations.present(licence.licence, by=other)
        with pytest.raises(LicenceNotFound):
            desk.presentations.shown(licence.licence, by=other)
    with pytest.raises(LicenceNotFound):
        desk.presentations.present(LicenceId(uuid4()), by=citizen(desk.holder))


def test_what_is_not_in_force_cannot_be_shown(desk: Desk, licence: LicenceView) -> None:
    desk.clock.move_to(datetime.fromisoformat("2036-04-01T00:00+08:00"))
    with pytest.raises(LicenceNotInForce):
        shown_code(desk, licence)


def test_the_photo_is_small_and_given_only_behind_a_check(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    with pytest.raises(NotFound):
        desk.presentations.photo(code)
    later(desk, 59)
    desk.presentations.check(code)
    later(desk, 2)
    with Image.open(io.BytesIO(desk.presentations.photo(code))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (240, 307))
    later(desk, 30)
    with pytest.raises(NotFound):
        desk.presentations.photo(code)


def test_a_shredded_holder_is_shown_without_name_and_photo(desk: Desk, licence: LicenceView) -> None:
    code = shown_code(desk, licence)
    with desk.db.begin() as uow:
        desk.keys.shred(uow, desk.key)
    found = desk.presentations.check(code)
    assert (found.status, found.holder, found.number_masked, found.has_photo) == (LicenceStatus.VALID, "", "", False)


def test_what_was_shown_long_ago_is_forgotten(desk: Desk, licence: LicenceView) -> None:
    desk.presentations.check(shown_code(desk, licence))
    later(desk, 179 * 86_400)
    assert desk.presentations.tidy() == 0
    later(desk, 2 * 86_400)
    assert desk.presentations.tidy() == 1
    assert desk.presentations.shown(licence.licence, by=citizen(desk.holder)) == []
    assert facts(desk, licence) == ["issued", "presented"]
