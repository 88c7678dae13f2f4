"""What people do on the pages of their account, their programs do too."""

import re
from uuid import uuid4

import pytest

from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.sandbox.people import load_people
from tests.factories.province import Province

NEW_PASSWORD = "rain falls on the tin roof"


@pytest.fixture
def signed_in(live: Province):
    token, citizen = live.citizen()

    def ask(method: str, path: str, *, by: str = token, **more):
        headers = {"Authorization": f"Bearer {by}", "Accept-Language": "en", **more.pop("headers", {})}
        return live.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    ask.citizen = citizen
    return ask


def newest_code(live: Province) -> str:
    texts = (one.text for one in live.platform.messages.desk(limit=10) if one.code == "identity.code")
    return re.search(r"\d{6}", next(texts))[0]


def test_messages_lead_back_to_the_oldest_and_are_marked_as_read(live: Province, signed_in) -> None:
    person = signed_in.citizen.person
    for number in range(55):
        live.platform.messages.tell(person, "case.received", {}, idempotency_key=f"told-{number}-{uuid4()}")
    signed_in("POST", "/messages/read")
    assert signed_in("GET", "/messages/unread").json == {"unread": 0}
    live.platform.messages.tell(person, "case.received", {}, idempotency_key=f"new-{uuid4()}")
    first = signed_in("GET", "/messages?limit=50")
    behind = re.search("</api/v1(.*?)>", first.headers["Link"])[1]
    older = signed_in("GET", behind).json["items"]
    assert len({one["id"] for one in first.json["items"] + older}) >= 56
    newest = first.json["items"][0]["id"]
    assert signed_in("GET", f"/messages/{newest}").json["is_read"] is False
    assert signed_in("POST", f"/messages/{newest}/read").status_code == 204
    assert signed_in("GET", f"/messages/{newest}").json["is_read"] is True


def test_somebody_elses_message_is_not_there(live: Province, signed_in) -> None:
    live.platform.messages.tell(signed_in.citizen.person, "case.received", {}, idempotency_key=f"own-{uuid4()}")
    own = signed_in("GET", "/messages?limit=1").json["items"][0]["id"]
    other, _ = live.citizen("neighbour")
    assert signed_in("GET", f"/messages/{own}", by=other).status_code == 404
    assert signed_in("POST", f"/messages/{own}/read", by=other).status_code == 404


def test_what_is_told_where_is_chosen(signed_in) -> None:
    wanted = {"language": "en", "sms": ["duties"], "email": [], "quiet_from": 22, "quiet_until": 7}
    assert signed_in("PUT", "/me/message-preferences", json=wanted).json == wanted
    assert signed_in("GET", "/me/message-preferences").json == wanted
    same_hours = signed_in("PUT", "/me/message-preferences", json={**wanted, "quiet_until": 22})
    assert (same_hours.status_code, same_hours.json["errors"][0]["code"]) == (422, "messages.wishes")
    safety = signed_in("PUT", "/me/message-preferences", json={**wanted, "sms": ["safety"]})
    assert safety.json["errors"][0]["field"] == "sms.0"


def test_who_used_the_data_is_told_with_the_case_and_in_words(live: Province, signed_in) -> None:
    case = live.accepted(signed_in.citizen)
    uses = [one for one in signed_in("GET", "/me/data-records").json["items"] if one["case"] == str(case)]
    assert "the police" in {one["department"] for one in uses}
    assert {one["outcome"] for one in uses} <= {"found", "absent"}
    assert {"id_no", "idNo"} & set(uses[0]) == set()


def test_the_account_is_shown_masked(signed_in) -> None:
    person = load_people().person("adult")
    shown = signed_in("GET", "/me/profile").json
    assert shown["name"] == person.name
    assert shown["phone_masked"] == f"{person.phone[:3]}****{person.phone[-4:]}"
    assert person.id_no not in str(shown)


def test_a_new_password_ends_every_other_session(live: Province, signed_in) -> None:
    other, _ = live.citizen()
    wrong = signed_in("PUT", "/me/password", json={"current": "not the password", "new": NEW_PASSWORD})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "current")
    key = {"Idempotency-Key": uuid4().hex}
    body = {"current": DEMO_PASSWORD, "new": NEW_PASSWORD}
    assert [signed_in("PUT", "/me/password", json=body, headers=key).status_code for _ in range(2)] == [204, 204]
    assert signed_in("GET", "/me", by=other).status_code == 401
    assert signed_in("GET", "/me").status_code == 200


def test_an_e_mail_address_counts_once_its_code_came_back(live: Province, signed_in) -> None:
    begun = signed_in("POST", "/me/email", json={"email": "lin@example.com"}).json
    assert signed_in("GET", "/me/profile").json["email"] == ""
    refused = signed_in("POST", "/me/email/confirmation", json={"token": begun["token"], "code": "000000"})
    assert refused.status_code == 401
    code = {"token": begun["token"], "code": newest_code(live)}
    assert signed_in("POST", "/me/email/confirmation", json=code).json == {"email": "lin@example.com"}
    assert signed_in("GET", "/me/profile").json["email"] == "lin@example.com"
    assert signed_in("DELETE", "/me/email").status_code == 204
    assert signed_in("GET", "/me/profile").json["email"] == ""


def test_a_forgotten_password_is_set_anew_and_nobody_learns_whether_there_is_an_account(live: Province) -> None:
    client, known = live.app.test_client(), load_people().person("neighbour")
    form = {"name": known.name, "id_no": known.id_no, "phone": known.phone, "password": NEW_PASSWORD}

    def begin(**changes: str):
        return client.post("/api/v1/recoveries", json={**form, **changes})

    stranger = begin(phone="12000009999")
    refused = client.post(
        "/api/v1/recoveries/confirmation", json={"token": stranger.json["token"], "code": newest_code(live)}
    )
    begun = begin()
    assert (begun.status_code, set(begun.json)) == (stranger.status_code, set(stranger.json))
    assert (refused.status_code, refused.json["code"]) == (422, "identity.recovery-refused")
    opened = client.post(
        "/api/v1/recoveries/confirmation", json={"token": begun.json["token"], "code": newest_code(live)}
    )
    headers = {"Authorization": f"Bearer {opened.json['access_token']}"}
    assert client.get("/api/v1/me", headers=headers).json["kind"] == "citizen"


def test_a_receipt_says_what_happens_next(live: Province, signed_in) -> None:
    assert signed_in("GET", f"/cases/{live.draft(signed_in.citizen)}/receipt").status_code == 404
    case = live.submitted(signed_in.citizen)
    receipt = signed_in("GET", f"/cases/{case}/receipt").json
    assert receipt["case_number"] == signed_in("GET", f"/cases/{case}").json["case_number"]
    assert receipt["promised"] == {"amount": 15, "unit": "wd", "text": "15 working days"}
    assert [one["step"] for one in receipt["holders"]] == ["accept"]
