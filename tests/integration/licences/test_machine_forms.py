"""What programs read: JSON after its schema, SD-JWT that discloses what was chosen, lists of what has ended."""

from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import text

from gov_portal.kernel.ids import LicenceId, PersonId
from gov_portal.kernel.principal import Citizen, Platform
from gov_portal.licences.domain import DisclosureUnknown, LicenceEnded, LicenceNotFound, LicenceStatus, LicenceView
from gov_portal.licences.kinds import KindBook
from gov_portal.licences.listing import AUTHORITY, EXPIRES_AFTER, TTL, StatusListUnknown
from gov_portal.licences.sd_jwt import reveal, split
from gov_portal.licences.status_lists import SIZE, Listed, said_at
from tests.integration.licences.conftest import Desk

HOLDER_NAME, HOLDER_NUMBER = "样小禾", "470101198005010028"
ISSUER = "东样区残疾人联合会"
SAME_DAY = datetime.fromisoformat("2026-04-01T00:00+08:00")


def holder(desk: Desk) -> Citizen:
    return Citizen(desk.holder, ial=3, aal=2)


def disclosed(desk: Desk, view: LicenceView, *names: str) -> dict[str, object]:
    signed, disclosures = split(desk.forms.sd_jwt(view.licence, disclose=names, by=holder(desk)))
    found = desk.tokens.read(signed, typ="dc+sd-jwt")
    assert (found.is_whole, found.authority) == (True, ISSUER)
    return reveal(found.claims, disclosures)


def claims_of_list(desk: Desk, number: int = 0) -> dict[str, object]:
    found = desk.tokens.read(desk.lists.token(number)[0], typ="statuslist+jwt")
    assert (found.is_whole, found.authority) == (True, AUTHORITY)
    return dict(found.claims)


def said_of(desk: Desk, view: LicenceView) -> Listed:
    """Return what the list says now, found as a stranger finds it: by the place in the SD-JWT or, here, the row."""
    desk.security_clock.move_to(desk.security_clock.now() + TTL)
    with desk.db.read() as connection:
        sql = text("SELECT status_index FROM licences_versions WHERE identifier = :it")
        place = connection.execute(sql, {"it": view.identifier}).scalar_one()
    return Listed(said_at(claims_of_list(desk)["status_list"]["lst"], place))


def test_the_plain_form_fits_the_schema_of_its_kind(desk: Desk) -> None:
    view = desk.service.issue(desk.order(guardian="样大禾"))
    found = desk.forms.plain(view.licence, by=holder(desk))
    Draft202012Validator(desk.forms.schema("disability-card")).validate(found)
    assert found["type"] == "http://127.0.0.1:8000/licence-types/disability-card"
    photo = found["values"].pop("photo")
    assert photo.startswith("data:image/jpeg;base64,/9j/")
    assert found["values"] == {
        "name": HOLDER_NAME,
        "id_no": HOLDER_NUMBER,
        "guardian": "样大禾",
        "kind": "hearing",
        "grade": "g2",
        "sex": "female",
        "birth": "1980-05-01",
    }
    assert found["licence"]["identifier"] == view.identifier
    assert (found["licence"]["issued_on"], found["licence"]["valid_until"]) == ("2026-04-01", "2036-03-31")


def test_an_absent_value_is_null(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    found = desk.forms.plain(view.licence, by=holder(desk))
    Draft202012Validator(desk.forms.schema("disability-card")).validate(found)
    assert found["values"]["guardian"] is None


def test_the_signed_form_discloses_what_was_chosen_and_nothing_else(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    assert disclosed(desk, view, "grade", "birth")["values"] == {"grade": "g2", "birth": "1980-05-01"}
    assert disclosed(desk, view)["values"] == {}
    text_of_it = desk.forms.sd_jwt(view.licence, disclose=["grade"], by=holder(desk))
    readable = "".join(str(urlsafe_b64decode(part + "==")) for part in text_of_it.replace(".", "~").split("~") if part)
    for hidden in (HOLDER_NUMBER, HOLDER_NAME.encode().decode("latin-1"), "hearing", "1980"):
        assert hidden not in readable


def test_the_signed_form_states_openly_how_long_it_is_valid_and_where_to_look(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    claims = disclosed(desk, view)
    assert claims["iss"] == "http://127.0.0.1:8000"
    assert claims["vct"] == "http://127.0.0.1:8000/licence-types/disability-card"
    assert datetime.fromtimestamp(claims["nbf"], UTC) == SAME_DAY
    assert datetime.fromtimestamp(claims["exp"], UTC) == datetime.fromisoformat("2036-04-01T00:00+08:00")
    assert claims["status"]["status_list"]["uri"] == claims_of_list(desk)["sub"]
    assert set(claims) == {"iss", "vct", "nbf", "exp", "status", "licence", "values"}


def test_two_signed_forms_share_no_digest(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    first, again = (split(desk.forms.sd_jwt(view.licence, disclose=(), by=holder(desk)))[0] for _ in range(2))
    digests = [set(desk.tokens.read(one, typ="dc+sd-jwt").claims["values"]["_sd"]) for one in (first, again)]
    assert digests[0] & digests[1] == set()
    assert len(digests[0]) == 8


def test_only_the_holder_gets_them(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    stranger = Citizen(PersonId(uuid4()), ial=3, aal=2)
    for asking in (
        lambda: desk.forms.plain(view.licence, by=stranger),
        lambda: desk.forms.sd_jwt(view.licence, disclose=(), by=stranger),
        lambda: desk.forms.plain(LicenceId(uuid4()), by=holder(desk)),
    ):
        with pytest.raises(LicenceNotFound):
            asking()


def test_what_the_kind_does_not_have_cannot_be_disclosed(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    with pytest.raises(DisclosureUnknown) as caught:
        desk.forms.sd_jwt(view.licence, disclose=["income"], by=holder(desk))
    assert caught.value.field == "disclose"


def test_no_signed_form_of_a_licence_that_has_ended(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    with pytest.raises(LicenceEnded):
        desk.forms.sd_jwt(view.licence, disclose=(), by=holder(desk))
    assert desk.forms.plain(view.licence, by=holder(desk))["licence"]["status"] == "revoked"


def test_the_platform_verifies_what_it_signed(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    handed = desk.forms.sd_jwt(view.licence, disclose=["name"], by=holder(desk))
    assert desk.forms.verify(f" {handed}\n") == desk.service.verify(view.verify_code)
    assert desk.forms.verify(handed[:-1]).status is LicenceStatus.UNKNOWN
    assert desk.forms.verify("~").status is LicenceStatus.UNKNOWN
    place = handed.index(".") + 20
    other = "A" if handed[place] != "A" else "B"
    assert desk.forms.verify(handed[:place] + other + handed[place + 1 :]).status is LicenceStatus.ALTERED
    assert desk.forms.verify(f"{handed}WyJhIiwibmFtZSIsIngiXQ~").status is LicenceStatus.ALTERED
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    assert desk.forms.verify(handed).status is LicenceStatus.REVOKED


def test_an_authority_cannot_speak_for_another(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    signed, _ = split(desk.forms.sd_jwt(view.licence, disclose=(), by=holder(desk)))
    claims = desk.tokens.read(signed, typ="dc+sd-jwt").claims
    forged = desk.tokens.sign(claims, typ="dc+sd-jwt", authority="西样区残疾人联合会")
    assert desk.forms.verify(f"{forged}~").status is LicenceStatus.UNKNOWN


def test_the_keys_of_all_who_sign_are_published(desk: Desk) -> None:
    found = desk.forms.issuer_metadata()
    assert found["issuer"] == "http://127.0.0.1:8000"
    signers = {issuer.name for issuer in KindBook.default().issuers} | {AUTHORITY}
    assert len({key["x"] for key in found["jwks"]["keys"]}) == len(signers) > 6
    assert all("d" not in key for key in found["jwks"]["keys"])


def test_the_list_says_valid_revoked_and_superseded(desk: Desk) -> None:
    kept, revoked, first = (desk.service.issue(desk.order(key)) for key in ("a", "b", "c"))
    assert {said_of(desk, view) for view in (kept, revoked, first)} == {Listed.VALID}
    desk.service.revoke(revoked.licence, reason="x", idempotency_key="undo-1")
    second = desk.service.supersede(first.licence, desk.values(), idempotency_key="again-1", by=Platform())
    said = [said_of(desk, view) for view in (kept, revoked, first, second)]
    assert said == [Listed.VALID, Listed.REVOKED, Listed.SUPERSEDED, Listed.VALID]


def test_revocation_covers_the_versions_before(desk: Desk) -> None:
    first = desk.service.issue(desk.order())
    second = desk.service.supersede(first.licence, desk.values(), idempotency_key="again-1", by=Platform())
    desk.service.revoke(first.licence, reason="x", idempotency_key="undo-1")
    assert [said_of(desk, view) for view in (first, second)] == [Listed.REVOKED, Listed.REVOKED]


def test_a_list_states_its_address_its_age_and_nothing_personal(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    desk.service.revoke(view.licence, reason="申请人死亡", idempotency_key="undo-1")
    claims = claims_of_list(desk)
    now = desk.security_clock.now()
    assert claims.pop("status_list").keys() == {"bits", "lst"}
    assert claims == {
        "sub": "http://127.0.0.1:8000/status-lists/0",
        "iat": int(now.timestamp()),
        "exp": int((now + EXPIRES_AFTER).timestamp()),
        "ttl": 300,
    }


def test_a_list_is_kept_until_its_time_is_over_and_then_built_from_the_rows(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    first = desk.lists.token(0)
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    desk.security_clock.move_to(desk.security_clock.now() + TTL - timedelta(seconds=1))
    assert desk.lists.token(0) == first
    desk.security_clock.move_to(desk.security_clock.now() + timedelta(seconds=1))
    assert desk.lists.token(0)[1] == desk.security_clock.now()
    with desk.db.begin() as uow:
        uow.connection.execute(text("DELETE FROM licences_status_lists"))
    assert said_of(desk, view) is Listed.REVOKED


def test_licences_beyond_the_first_list_stand_in_the_next(desk: Desk) -> None:
    view = desk.service.issue(desk.order("a"))
    with pytest.raises(StatusListUnknown):
        desk.lists.token(1)
    with desk.db.begin() as uow:
        uow.connection.execute(text("UPDATE licences_versions SET status_index = :place"), {"place": SIZE + 7})
    place = disclosed(desk, view)["status"]["status_list"]
    assert place == {"idx": 7, "uri": "http://127.0.0.1:8000/status-lists/1"}
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    assert desk.lists.newest() == 1
    assert said_at(claims_of_list(desk, 1)["status_list"]["lst"], 7) == Listed.REVOKED
    assert said_at(claims_of_list(desk, 0)["status_list"]["lst"], 7) == Listed.VALID


def test_the_seal_of_the_pdf_states_the_same_as_the_signed_form(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    pdf = desk.service.pdf(view.licence, by=holder(desk))
    assert f'"idx":{disclosed(desk, view)["status"]["status_list"]["idx"]},'.encode().hex().upper().encode() in pdf
    assert view.identifier.encode().hex().upper().encode() in pdf
    assert HOLDER_NUMBER.encode().hex().upper().encode() not in pdf
