"""A program takes a party's part in a case for them; whoever has no part gets no hint that there is a case."""

from uuid import UUID, uuid4

import pytest

from gov_portal.kernel.ids import CaseId
from tests.factories.arbitration import CLAIMANT, RESPONDENT, STRANGER, accepted, served
from tests.factories.province import Province

ANSWER = {"task": "answer.1", "act": "answer", "fields": {"answer.text": "已经发放"}}


@pytest.fixture(scope="module")
def case(live: Province) -> CaseId:
    """One case in which the respondent is asked and does nothing yet."""
    return served(live)


def ask(live: Province, handle: str, method: str, path: str, **more):
    token, _ = live.citizen(handle)
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    return live.app.test_client().open(f"/api/v1/involvements{path}", method=method, headers=headers, **more)


def test_a_respondent_finds_the_case_and_reads_their_part_of_it_and_nothing_else(live: Province, case: CaseId) -> None:
    rows = ask(live, RESPONDENT, "GET", "?limit=100").json["items"]
    (row,) = [one for one in rows if one["case"] == str(case)]
    assert (row["party"], row["is_asked"], row["status"]) == ("被申请人", True, "open")
    told = ask(live, RESPONDENT, "GET", f"/{case}").json
    assert {one["path"] for one in told["fields"]} == {
        "applicant.name",
        "dispute.kind",
        "dispute.claim",
        "dispute.facts",
    }
    assert [act["id"] for act in told["turn"]["acts"]] == ["answer", "waive"]
    assert [one["path"] for act in told["turn"]["acts"] for one in act["fill"]] == ["answer.text", "answer.proof"]
    (notice,) = told["documents"]
    paper = ask(live, RESPONDENT, "GET", f"/{case}/files/{notice['file']}")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")


def test_an_answer_is_taken_once_and_what_is_wrong_in_it_is_said_by_field(live: Province) -> None:
    case = served(live)
    wrong = ask(live, RESPONDENT, "POST", f"/{case}/acts", json={**ANSWER, "fields": {"answer.text": "长" * 2001}})
    assert (wrong.status_code, [one["field"] for one in wrong.json["errors"]]) == (422, ["answer.text"])
    headers = {"Idempotency-Key": f"answer-{case}"}
    taken = [ask(live, RESPONDENT, "POST", f"/{case}/acts", json=ANSWER, headers=headers) for _ in range(2)]
    assert [(one.status_code, one.json["turn"]) for one in taken] == [(200, None), (200, None)]
    again = ask(live, RESPONDENT, "POST", f"/{case}/acts", json=ANSWER)
    assert (again.status_code, again.json["code"]) == (409, "case.stale-task")


def test_the_applicant_cannot_answer_for_the_respondent(live: Province, case: CaseId) -> None:
    refused = ask(live, CLAIMANT, "POST", f"/{case}/acts", json=ANSWER)
    assert (refused.status_code, refused.json["code"]) == (403, "case.not-your-task")


def told_of(live: Province, handle: str, method: str, path: str, **more) -> dict[str, object]:
    """Return all that an answer tells, but for the address that was asked and the number of the request."""
    answer = ask(live, handle, method, path, **more)
    headers = {name: value for name, value in answer.headers if not name.startswith(("RateLimit", "X-Request"))}
    body = {name: value for name, value in answer.json.items() if name not in ("instance", "request_id", "request")}
    return {"status": answer.status_code, "body": body, "headers": sorted(headers)}


@pytest.mark.parametrize(
    ("method", "tail", "more"),
    [
        ("GET", "", {}),
        ("POST", "/acts", {"json": ANSWER}),
        ("POST", "/acts", {"json": {**ANSWER, "act": "no-such-act"}}),
        ("GET", "/files/{file}", {}),
    ],
    ids=["read", "act", "act wrongly", "file"],
)
def test_a_stranger_is_answered_as_if_there_were_no_such_case(
    live: Province, case: CaseId, method: str, tail: str, more: dict[str, object]
) -> None:
    notice = ask(live, RESPONDENT, "GET", f"/{case}").json["documents"][0]["file"]
    there = told_of(live, STRANGER, method, f"/{case}{tail.format(file=notice)}", **more)
    nowhere = told_of(live, STRANGER, method, f"/{uuid4()}{tail.format(file=uuid4())}", **more)
    assert there == nowhere
    assert there["status"] == 404
    assert str(case) not in ask(live, STRANGER, "GET", "?limit=100").text


def test_a_respondent_who_is_not_told_yet_gets_no_hint_either(live: Province) -> None:
    case = accepted(live)
    assert told_of(live, RESPONDENT, "GET", f"/{case}") == told_of(live, RESPONDENT, "GET", f"/{UUID(int=7)}")
    assert str(case) not in ask(live, RESPONDENT, "GET", "?limit=100").text


def test_a_party_who_knows_the_case_opens_none_of_the_applicants_papers(live: Province, case: CaseId) -> None:
    _, claimant = live.citizen(CLAIMANT)
    others = {one.name: one.file for one in live.platform.casework.cases.view(case, by=claimant).documents}
    hidden = told_of(live, RESPONDENT, "GET", f"/{case}/files/{others['仲裁受理通知书']}")
    assert hidden == told_of(live, RESPONDENT, "GET", f"/{case}/files/{uuid4()}")
    assert hidden["status"] == 404
