"""A token reaches what is its holder's, and nothing beside it."""

from uuid import UUID

import pytest

from gov_portal.kernel.ids import CaseId
from tests.factories.province import Province


@pytest.fixture
def case(live: Province) -> CaseId:
    return live.accepted(live.citizen()[1])


def ask(live: Province, token: str, method: str, path: str, **more):
    return live.app.test_client().open(
        f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {token}"}, **more
    )


@pytest.mark.parametrize("path", ["", "/timeline", "/payment", "/licence.pdf"])
def test_somebody_elses_case_is_not_there(live: Province, case: CaseId, path: str) -> None:
    stranger, _ = live.citizen("neighbour")
    answers = [ask(live, stranger, "GET", f"/cases/{one}{path}") for one in (case, UUID(int=1))]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json == answers[1].json


def test_a_system_sees_only_the_tasks_of_its_unit_and_roles(live: Province, case: CaseId) -> None:
    hospital = live.system("dept.health", "assessor")
    counter = live.system("dept.subdistrict", "window")
    found = ask(live, hospital, "GET", "/external-tasks?limit=100").json["items"]
    assert str(case) in {one["case"] for one in found}
    assert {one["step"] for one in found} == {"assess"}
    assert "assess" not in {one["step"] for one in ask(live, counter, "GET", "/external-tasks").json["items"]}
    refused = ask(live, counter, "POST", f"/external-tasks/{case}/assess.1/lease", json={})
    assert refused.status_code == 404


def test_what_is_fetched_holds_nothing_personal(live: Province, case: CaseId) -> None:
    hospital = live.system("dept.health", "assessor")
    (task,) = [one for one in _fetched(live, hospital) if one["case"] == str(case)]
    assert set(task) == {
        "case", "case_number", "task", "item", "item_name", "step", "step_label", "remaining_working_days",
        "is_provisional",
    }  # fmt: skip


def _fetched(live: Province, token: str) -> list[dict]:
    return ask(live, token, "GET", "/external-tasks?limit=100").json["items"]


def test_a_system_is_an_officer_of_one_factor_without_sessions(live: Province) -> None:
    hospital = live.system("dept.health", "assessor")
    me = ask(live, hospital, "GET", "/me").json
    assert (me["kind"], me["aal"], me["roles"], me["org"]) == ("system", 1, ["assessor"], "dept.health")
    assert ask(live, hospital, "GET", "/sessions").status_code == 403
    assert ask(live, hospital, "GET", "/cases").status_code == 403


def test_a_task_that_failed_three_times_is_left_to_people(live: Province, case: CaseId) -> None:
    hospital = live.system("dept.health", "assessor")
    token, _ = live.officer("dept.health", "assessor")
    for number in (1, 2, 3):
        assert ask(live, hospital, "POST", f"/external-tasks/{case}/assess.1/lease", json={}).status_code == 200
        failed = ask(live, hospital, "POST", f"/external-tasks/{case}/assess.1/failure", json={"reason": "no record"})
        assert (failed.status_code, failed.json["failures"], failed.json["is_raised"]) == (200, number, number == 3)
        with live.base.db.driver() as driver:
            driver.execute("UPDATE workflows_leases SET not_before = now()")
    assert str(case) not in {one["case"] for one in _fetched(live, hospital)}
    told = ask(live, token, "GET", f"/desk/cases/{case}/tasks/assess.1/external-failure")
    assert (told.status_code, told.json["reason"]) == (200, "no record")


def test_a_refusal_gives_its_idempotency_key_back(live: Province, case: CaseId) -> None:
    hospital = live.system("dept.health", "assessor")
    headers = {"Authorization": f"Bearer {hospital}", "Idempotency-Key": "one-key"}
    path = f"/api/v1/external-tasks/{case}/assess.1"
    client = live.app.test_client()
    assert client.post(f"{path}/failure", json={"reason": "x"}, headers=headers).status_code == 409
    assert client.post(f"{path}/lease", json={"seconds": 60}, headers=headers).status_code == 200


def test_an_event_is_told_by_departments_alone_and_answers_nothing_of_the_person(live: Province) -> None:
    hospital, (token, _) = live.system("dept.health", "assessor"), live.officer("dept.subdistrict", "window")
    event = {"id": "B-1", "event": "no-such", "id_no": "470101198005010124"}
    assert ask(live, token, "POST", "/department-events", json=event).status_code == 403
    refused = ask(live, hospital, "POST", "/department-events", json=event)
    assert (refused.status_code, refused.json["code"]) == (422, "offer.event-unknown")
    assert ask(live, hospital, "GET", "/department-messages?fate=kept").json["items"] == []
    assert ask(live, hospital, "GET", "/department-messages?fate=lost").status_code == 422
