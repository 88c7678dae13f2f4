"""Licences for programs: the holder's page and its downloads, and the public addresses with what caches may do."""

from datetime import UTC, datetime

from tests.acceptance.screens import arranged
from tests.acceptance.stops.machine_forms import STOPS
from tests.acceptance.stops.wallet import STOPS as WALLET
from tests.factories.pages import CASE, Pages

HELD = WALLET["held licence"].path
PAGE = STOPS["forms of a licence"].path


def test_the_page_asks_what_to_disclose_with_nothing_ticked(pages: Pages) -> None:
    assert f'href="{PAGE}"' in pages.signed_in().get(HELD).text
    html = pages.signed_in().get(PAGE).text
    assert html.count('type="checkbox"') == 8
    assert " checked" not in html
    assert "公民身份号码" in html


def test_the_signed_form_discloses_what_was_ticked(pages: Pages) -> None:
    response = pages.signed_in().get(f"{HELD}/licence.sd-jwt?disclose=grade&disclose=birth")
    assert (response.mimetype, response.text) == ("application/dc+sd-jwt", "signed~grade~birth~")
    assert response.headers["Content-Disposition"] == 'attachment; filename="licence.sd-jwt"'
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_plain_form_is_a_file(pages: Pages) -> None:
    response = pages.signed_in().get(f"{HELD}/licence.json")
    assert response.json["licence"]["name"] == "残疾人证"
    assert response.headers["Content-Disposition"] == 'attachment; filename="licence.json"'


def test_a_licence_that_has_ended_has_no_signed_form(pages: Pages) -> None:
    with arranged(pages, STOPS["forms of an ended licence"]):
        html = pages.signed_in().get(PAGE).text
    assert "这张证照已作废" in html
    assert 'type="checkbox"' not in html


def test_a_list_may_be_kept_by_anyone_and_asked_for_again_without_its_content(pages: Pages) -> None:
    pages.app.extensions["gov_portal.services"].status_lists.built_at = datetime.now(UTC)
    first = pages.visitor().get("/status-lists/0")
    assert first.mimetype == "application/statuslist+jwt"
    public, max_age = first.headers["Cache-Control"].split(", ")
    assert public == "public"
    assert 290 <= int(max_age.removeprefix("max-age=")) <= 300
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = pages.visitor().get("/status-lists/0", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_list_that_is_due_is_not_kept_any_longer(pages: Pages) -> None:
    pages.app.extensions["gov_portal.services"].status_lists.built_at = datetime(2026, 3, 2, tzinfo=UTC)
    assert pages.visitor().get("/status-lists/0").headers["Cache-Control"] == "public, max-age=0"


def test_a_list_that_does_not_exist_is_not_found(pages: Pages) -> None:
    assert pages.visitor().get("/status-lists/1").status_code == 404
    assert pages.visitor().get("/status-lists/-1").status_code == 404
    assert pages.visitor().get(f"/status-lists/{10**30}").status_code == 404


def test_a_kind_tells_what_may_be_disclosed_of_it(pages: Pages) -> None:
    found = pages.visitor().get("/licence-types/disability-card").json
    assert found["vct"] == "http://localhost/licence-types/disability-card"
    assert ["values", "birth"] in [claim["path"] for claim in found["claims"]]
    schema = pages.visitor().get("/licence-types/disability-card/schema")
    assert schema.mimetype == "application/schema+json"
    assert schema.json["properties"]["values"]["properties"]["grade"]["title"] == "残疾等级"
    assert pages.visitor().get("/licence-types/passport").status_code == 404


def test_the_root_is_public(pages: Pages) -> None:
    assert pages.visitor().get("/.well-known/seal-root.pem").data.startswith(b"-----BEGIN CERTIFICATE-----")
    assert pages.visitor().get("/.well-known/jwt-vc-issuer").json["issuer"] == "http://localhost"


def test_programs_choose_what_is_disclosed(pages: Pages) -> None:
    headers = {"Authorization": "Bearer citizen"}
    client, address = pages.app.test_client(), f"/api/v1/licences/{CASE}/sd-jwt"
    assert client.get(address, headers=headers).text == "signed~"
    assert client.get(f"{address}?disclose=grade,birth", headers=headers).text == "signed~grade~birth~"
    assert client.get(f"{address}?disclose=grade%20birth", headers=headers).status_code == 422
    assert client.get(f"/api/v1/licences/{CASE}/json", headers=headers).json["values"]["grade"] == "x"
    unknown = client.post("/api/v1/verifications/sd-jwt", json={"sd_jwt": "noise"})
    assert unknown.json["status"] == "unknown"
