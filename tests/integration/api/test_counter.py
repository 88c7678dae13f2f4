"""What an officer does at a counter for a person without a phone, their program does too, by the same views."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.sandbox.people import load_people
from tests.factories.province import CARD, Province
from tests.factories.town import photo
from workflows.domain.commands import ActOn

ELDER = load_people().person("without_phone")
CONSENT = {"consent": "signed"}


@pytest.fixture
def hall(live: Province):
    """Ask as the officer at the counter."""
    token, officer = live.officer("dept.subdistrict", "counter")

    def ask(method: str, path: str, *, key: str = "", **more):
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        if key:
            headers["Idempotency-Key"] = key
        return live.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    ask.officer = officer
    return ask


def identified(hall, **changes: object):
    card = {"name": ELDER.name, "id_no": ELDER.id_no, "is_card_seen": True, "purpose": "entry"}
    return hall("POST", "/counter/visits", json={**card, **changes})


@pytest.fixture
def here(hall) -> str:
    opened = identified(hall)
    assert opened.status_code == 201, opened.json
    return f"/counter/visits/{opened.json['id']}"


def entered(hall, here: str) -> str:
    """Enter an application and return its case."""
    begun = hall("POST", f"{here}/items/{CARD}/drafts", json={**CONSENT, "again": True})
    assert begun.status_code == 201, begun.json
    case = str(begun.json["case"])
    assert begun.headers["Location"] == f"/api/v1{here}/drafts/{case}"
    file = {"path": "applicant.photo", "file": (BytesIO(photo()), "photo.png", "image/png")}
    stored = hall("POST", f"{here}/cases/{case}/files", data=file).json["file"]
    basic = {
        "applicant.photo": stored,
        "claim.kind": "vision",
        "claim.cause": "glaucoma",
        "claim.homebound": "false",
    }
    assert hall("PATCH", f"{here}/drafts/{case}/pages/basic", json={"answers": basic}).status_code == 200
    pickup = {"answers": {"delivery.way": "pickup"}}
    assert hall("PATCH", f"{here}/drafts/{case}/pages/delivery", json=pickup).status_code == 200
    handed_in = hall("POST", f"{here}/drafts/{case}/submission", json={"insist": True}, key=uuid4().hex)
    assert handed_in.status_code == 201, handed_in.json
    assert handed_in.headers["Location"] == f"/api/v1{here}/cases/{case}"
    return case


def test_the_person_is_shown_without_their_number_and_their_entry_is_theirs(live: Province, hall, here: str) -> None:
    shown = hall("GET", here).json
    assert (shown["name"], shown["purpose"]) == (ELDER.name, "entry")
    assert ELDER.id_no not in str(shown)
    case = entered(hall, here)
    assert case in {one["case"] for one in hall("GET", f"{here}/cases?limit=100").json["items"]}
    told = hall("GET", f"{here}/cases/{case}/timeline").json["events"]
    assert any("counter" in line for event in told for line in event["lines"])
    visit = live.platform.identity.counter.visit(UUID(here.rpartition("/")[2]), by=hall.officer)
    with live.base.db.driver() as driver:
        sql = "SELECT DISTINCT actor FROM kernel_ledger WHERE stream = %s"
        actors = {row[0] for row in driver.execute(sql, (f"case:{case}",)).fetchall()}
    assert actors == {f"citizen:{visit.citizen.person} by officer:{hall.officer.officer}"}


def test_every_fault_of_the_card_is_told_with_its_place(hall) -> None:
    refused = identified(hall, id_no="4701011940", is_card_seen=False)
    assert refused.status_code == 422
    assert {one["pointer"] for one in refused.json["errors"]} == {"#/id_no", "#/card"}


def test_no_draft_is_opened_before_the_person_has_agreed_at_this_visit(live: Province, hall, here: str) -> None:
    visit = live.platform.identity.counter.visit(UUID(here.rpartition("/")[2]), by=hall.officer)
    case = live.platform.casework.cases.begin(CARD, by=replace(visit.citizen, hand=None))
    for method, path, body in (
        ("GET", f"/drafts/{case}", {}),
        ("GET", f"/cases/{case}", {}),
        ("PATCH", f"/drafts/{case}/pages/basic", {"json": {"answers": {}}}),
        ("PUT", f"/drafts/{case}/pages/basic/typed", {"json": {"answers": {}}}),
        ("POST", f"/drafts/{case}/submission", {"json": {}}),
        ("DELETE", f"/drafts/{case}", {}),
    ):
        refused = hall(method, here + path, **body)
        assert (refused.status_code, refused.json["code"]) == (422, "counter.consent-missing"), path
    assert hall("POST", f"{here}/items/{CARD}/drafts", json=CONSENT).json["case"] == str(case)
    assert hall("GET", f"{here}/drafts/{case}").status_code == 200
    live.platform.casework.cases.discard(case, by=visit.citizen)


def test_what_is_half_typed_is_kept_until_somebody_else_saves(hall, here: str) -> None:
    draft = hall("POST", f"{here}/items/{CARD}/drafts", json={**CONSENT, "again": True}).json
    case, mark = draft["case"], next(one["mark"] for one in draft["pages"] if one["id"] == "basic")
    page = f"{here}/drafts/{case}/pages/basic"
    kept = hall("PUT", f"{page}/typed", json={"answers": {"claim.cause": "noise at w"}, "mark": mark})
    assert kept.status_code == 200, kept.json
    (basic,) = [one for one in hall("GET", f"{here}/drafts/{case}").json["pages"] if one["id"] == "basic"]
    assert basic["typed"] == {"claim.cause": "noise at w"}
    moved = hall("PUT", f"{page}/typed", json={"answers": {"claim.cause": "noise"}, "mark": mark})
    assert (moved.status_code, moved.json["code"]) == (409, "case.page-moved")
    deep: object = "x"
    for _ in range(300):
        deep = [deep]
    assert hall("PUT", f"{page}/typed", json={"answers": {"claim.cause": deep}}).status_code == 422


def test_whoever_stands_there_writes_urges_and_withdraws(live: Province, hall, here: str) -> None:
    case = entered(hall, here)
    written = hall("POST", f"{here}/cases/{case}/letters", json={"text": "How long?"}, key=uuid4().hex)
    assert (written.status_code, written.json["items"][0]["text"]) == (201, "How long?")
    assert hall("GET", f"{here}/cases/{case}/letters").json["items"][0]["is_by_delegate"] is False
    assert hall("POST", f"{here}/cases/{case}/urgings").status_code == 204
    assert hall("GET", f"{here}/cases/{case}/receipt.pdf").mimetype == "application/pdf"
    gone = hall("POST", f"{here}/cases/{case}/withdrawal", json={"reason": "moved"})
    assert (gone.status_code, gone.json["status"]) == (200, "closed")
    rated = hall("POST", f"{here}/cases/{case}/ratings", json={"level": "satisfied"})
    assert (rated.status_code, rated.json["ratings"][0]["level"]) == (201, "satisfied"), rated.json


def test_a_refusal_is_appealed_with_the_persons_consent(live: Province, hall, here: str) -> None:
    case = entered(hall, here)
    _, window = live.officer("dept.subdistrict", "window")
    live.platform.casework.cases.act(
        CaseId(case), ActOn(TaskKey("accept.1"), "refuse", {}, "not of this district"), by=window
    )
    assert hall("POST", f"{here}/cases/{case}/appeal", json={"reason": "I live here"}).status_code == 422
    opened = hall("POST", f"{here}/cases/{case}/appeal", json={"reason": "I live here", **CONSENT})
    assert opened.status_code == 201, opened.json
    assert hall("GET", opened.headers["Location"].removeprefix("/api/v1")).json["item"] == "admin-review"


def test_the_end_of_a_visit_closes_everything_even_to_what_was_asked_before(hall, here: str) -> None:
    case, key = entered(hall, here), uuid4().hex
    asked = [hall("POST", f"{here}/cases/{case}/letters", json={"text": "How long?"}, key=key)]
    assert hall("DELETE", here).status_code == 204
    asked.append(hall("POST", f"{here}/cases/{case}/letters", json={"text": "How long?"}, key=key))
    assert [one.status_code for one in asked] == [201, 404]
    assert hall("GET", f"{here}/cases/{case}").json["code"] == "identity.visit-unknown"


def test_a_visit_is_its_officers_alone(live: Province, here: str) -> None:
    for org, role in (("dept.subdistrict", "window"), ("dept.subdistrict", "counter")):
        token, _ = live.officer(org, role, region="470102" if role == "counter" else "470101")
        headers = {"Authorization": f"Bearer {token}"}
        refused = live.app.test_client().get(f"/api/v1{here}", headers=headers)
        assert refused.status_code == (404 if role == "counter" else 403)


def test_what_must_be_told_is_listed_until_it_was(live: Province, hall, here: str) -> None:
    case = entered(hall, here)
    number = hall("GET", f"{here}/cases/{case}/receipt").json["case_number"]
    _, window = live.officer("dept.subdistrict", "window")
    live.platform.casework.cases.act(CaseId(case), ActOn(TaskKey("accept.1"), "ok", {}, ""), by=window)
    live.deliver_all()

    def waiting() -> list[str]:
        rows = hall("GET", "/counter/tellings?limit=100").json["items"]
        return [one["id"] for one in rows if one["case_number"] == number]

    for telling in waiting():
        assert hall("POST", f"/counter/tellings/{telling}/note", json={"way": "phone"}).status_code == 204
    assert waiting() == []
    assert hall("POST", f"/counter/tellings/{uuid4()}/note", json={"way": "phone"}).status_code == 404
    assert hall("POST", f"/counter/tellings/{uuid4()}/note", json={"way": "pigeon"}).status_code == 422
