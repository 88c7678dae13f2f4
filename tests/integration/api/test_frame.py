"""What holds for every endpoint: errors, languages, repeats, pages, limits, and what a request costs."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from gov_portal.web.api import door
from tests.factories.province import CARD, Province
from tests.factories.statements import statements_of

PROBLEM = "application/problem+json"


@pytest.fixture
def caller(live: Province):
    client: FlaskClient = live.app.test_client()
    token, _ = live.citizen()

    def ask(method: str, path: str, *, key: str = "", language: str = "en", **more):
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, **more.pop("headers", {})}
        if key:
            headers["Idempotency-Key"] = key
        return client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    return ask


def test_errors_are_told_in_the_language_that_is_asked_for(caller) -> None:
    texts = {language: caller("GET", f"/cases/{uuid4()}", language=language) for language in ("zh", "en")}
    assert {one.status_code for one in texts.values()} == {404}
    assert {one.json["code"] for one in texts.values()} == {"case.unknown"}
    assert texts["zh"].json["detail"] != texts["en"].json["detail"]
    assert texts["zh"].headers["Content-Language"] == "zh"


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", ""])
def test_errors_are_problem_details_whatever_is_accepted(caller, accept: str) -> None:
    response = caller("GET", "/nowhere", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (404, PROBLEM)


def test_a_wrong_method_is_told_which_ones_there_are(caller) -> None:
    response = caller("PUT", "/cases")
    assert (response.status_code, response.mimetype) == (405, PROBLEM)
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"data": "{", "content_type": "application/json"}, 400, "api.malformed"),
        ({"data": '{"again": NaN}', "content_type": "application/json"}, 400, "api.malformed"),
        ({"data": '{"again": "\\ud800"}', "content_type": "application/json"}, 400, "api.malformed"),
        ({"data": "again=1", "content_type": "application/x-www-form-urlencoded"}, 415, "http.415"),
        ({"json": {"again": "perhaps"}}, 422, "invalid-fields"),
        ({"json": {"unknown": 1}}, 422, "invalid-fields"),
        ({"json": [1]}, 422, "invalid-fields"),
        ({"json": {}, "headers": {"Accept": "text/csv"}}, 406, "http.406"),
        ({"json": {}, "headers": {"Idempotency-Key": "x" * 300}}, 400, "idempotency.malformed"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_request_is_told_what_is_wrong(caller, more: dict, status: int, code: str) -> None:
    response = caller("POST", f"/items/{CARD}/drafts", **more)
    assert (response.status_code, response.json["code"], response.mimetype) == (status, code, PROBLEM)


def test_what_is_missing_and_what_is_too_much_are_told_apart(caller) -> None:
    response = caller("POST", "/verifications", data={"other": "x"}, content_type="multipart/form-data")
    told = {(one["pointer"], one["code"]) for one in response.json["errors"]}
    assert told == {("#/file", "api.field-missing"), ("#/other", "api.field-unknown")}


def test_a_wrong_answer_is_pointed_at(caller) -> None:
    case = caller("POST", f"/items/{CARD}/drafts", json={}).json["case"]
    response = caller("PATCH", f"/drafts/{case}/pages/basic", json={"answers": {"claim.kind": "nonsense"}})
    assert "#/answers/claim.kind" in {one["pointer"] for one in response.json["errors"]}


def test_a_repeated_request_is_carried_out_once_and_answered_again(caller, live: Province) -> None:
    key = uuid4().hex
    first = caller("POST", f"/items/{CARD}/drafts", json={"again": True}, key=key)
    second = caller("POST", f"/items/{CARD}/drafts", json={"again": True}, key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotent-Replayed"] == "true"
    changed = caller("POST", f"/items/{CARD}/drafts", json={"again": False}, key=key)
    assert (changed.status_code, changed.json["code"]) == (422, "idempotency.changed")
    other, _ = live.citizen("neighbour")
    foreign = caller(
        "POST", f"/items/{CARD}/drafts", json={"again": True}, key=key, headers={"Authorization": f"Bearer {other}"}
    )
    assert foreign.json["case"] != first.json["case"]


def test_equal_requests_at_once_make_one_draft(caller) -> None:
    key = uuid4().hex

    def ask(_number: int):
        return caller("POST", f"/items/{CARD}/drafts", json={"again": True}, key=key)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    assert {one.status_code for one in answers} <= {201, 409}
    assert len({one.json["case"] for one in answers if one.status_code == 201}) == 1


def test_pages_lead_through_the_whole_list_and_only_their_owner(caller, live: Province) -> None:
    for _ in range(3):
        caller("POST", f"/items/{CARD}/drafts", json={"again": True})
    whole = [one["case"] for one in caller("GET", "/cases?limit=100").json["items"]]
    found: list[str] = []
    address = "/cases?limit=2"
    while address:
        response = caller("GET", address)
        found += [one["case"] for one in response.json["items"]]
        link = response.headers.get("Link", "")
        address = link.partition("</api/v1")[2].partition(">")[0]
        if link:
            last = address
    assert found == whole
    other, _ = live.citizen("neighbour")
    stolen = caller("GET", last, headers={"Authorization": f"Bearer {other}"})
    assert (stolen.status_code, stolen.json["errors"][0]["code"]) == (422, "api.cursor")
    assert caller("GET", "/cases?cursor=made-up").status_code == 422


def test_who_asks_too_much_must_wait(live: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ANONYMOUS", door.Rate("few", requests=2, window_s=60))
    client = live.app.test_client()
    answers = [client.get("/api/v1/items") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"few";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"few";r=1;t=')
    assert int(answers[2].headers["Retry-After"]) > 0
    assert answers[2].mimetype == PROBLEM


def test_the_door_costs_one_statement(live: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    client, key = live.app.test_client(), live.system("dept.health", "assessor")
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    sent = statements_of(lambda: client.get("/api/v1/me", headers=headers), monkeypatch)
    # that of the limits is for all callers, and of a second
    assert ["identity_system_keys" in one for one in sent if "kernel_rates" not in one] == [True]


def test_a_case_is_shown_quickly(live: Province) -> None:
    token, citizen = live.citizen()
    case = live.accepted(citizen)
    client = live.app.test_client()

    def ask() -> None:
        response = client.get(f"/api/v1/cases/{case}", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 200, response.json

    ask()
    durations = sorted(_timed(ask) for _ in range(60))
    p95_ms = durations[56] * 1000
    print(f"GET case through the API: median {durations[30] * 1000:.1f} ms, p95 {p95_ms:.1f} ms")
    assert p95_ms < 250


def _timed(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
