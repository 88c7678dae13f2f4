"""Programs write and read the letters of a case as the pages do."""

import pytest

from gov_portal.kernel.ids import CaseId
from tests.factories.province import Province


@pytest.fixture
def case(live: Province) -> CaseId:
    return live.submitted(live.citizen()[1])


def ask(live: Province, token: str, method: str, path: str, **more):
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    return live.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)


def test_a_question_is_found_read_and_answered(live: Province, case: CaseId) -> None:
    citizen, (window, _) = live.citizen()[0], live.officer("dept.subdistrict", "window")
    asked = ask(live, citizen, "POST", f"/cases/{case}/letters", json={"text": "要带照片吗？\n几张？"})
    assert (asked.status_code, asked.json["left"], asked.json["may_write"]) == (201, 19, True)
    waiting = ask(live, window, "GET", "/desk/letters?limit=100").json["items"]
    assert [one["unread"] for one in waiting if one["case"] == str(case)] == [1]
    (letter,) = ask(live, window, "GET", f"/desk/cases/{case}/letters").json["items"]
    assert (letter["text"], letter["side"], letter["is_read"]) == ("要带照片吗？\n几张？", "applicant", False)
    read = ask(live, window, "POST", f"/desk/cases/{case}/letters/read", json={"first": 1, "last": 1})
    assert read.status_code == 204
    ask(live, window, "POST", f"/desk/cases/{case}/letters", json={"text": "两张。"})
    seen = ask(live, citizen, "GET", f"/cases/{case}/letters").json
    assert [(one["text"], one["is_read"]) for one in seen["items"]] == [
        ("要带照片吗？\n几张？", True),
        ("两张。", False),
    ]
    assert seen["unread"] == 1
    assert str(case) not in {one["case"] for one in ask(live, window, "GET", "/desk/letters").json["items"]}


def test_a_repeated_request_writes_one_letter(live: Province, case: CaseId) -> None:
    citizen, headers = live.citizen()[0], {"Idempotency-Key": f"letter-{case}"}
    answers = [
        ask(live, citizen, "POST", f"/cases/{case}/letters", json={"text": "一次"}, headers=headers) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert len(ask(live, citizen, "GET", f"/cases/{case}/letters").json["items"]) == 1


def test_older_letters_stand_on_the_next_page(live: Province, case: CaseId) -> None:
    citizen = live.citizen()[0]
    for number in range(1, 4):
        ask(live, citizen, "POST", f"/cases/{case}/letters", json={"text": f"第{number}封"})
    first = ask(live, citizen, "GET", f"/cases/{case}/letters?limit=2")
    older = first.headers["Link"].partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    assert [one["number"] for one in first.json["items"]] == [2, 3]
    second = ask(live, citizen, "GET", older)
    assert [one["number"] for one in second.json["items"]] == [1]
    assert "Link" not in second.headers


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("POST", "/read")])
def test_letters_of_somebody_else_are_not_there(live: Province, case: CaseId, method: str, path: str) -> None:
    stranger, _ = live.citizen("neighbour")
    body = {"json": {"first": 1, "last": 1} if path else {"text": "我是谁？"}} if method == "POST" else {}
    assert ask(live, stranger, method, f"/cases/{case}/letters{path}", **body).status_code == 404


def test_an_office_that_does_not_hold_the_case_writes_nothing(live: Province, case: CaseId) -> None:
    checker, _ = live.officer("dept.cdpf", "checker")
    refused = ask(live, checker, "POST", f"/desk/cases/{case}/letters", json={"text": "我来答"})
    assert (refused.status_code, refused.json["code"]) == (403, "letter.not-with-you")
