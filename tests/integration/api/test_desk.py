"""What officers do at the desk, their programs do too."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from tests.factories.province import CARD, Province


@pytest.fixture
def ask(live: Province):
    token, officer = live.officer("dept.subdistrict", "window")

    def ask(method: str, path: str, *, by: str = token, key: str = "", **more):
        headers = {"Authorization": f"Bearer {by}", "Accept-Language": "en"}
        if key:
            headers["Idempotency-Key"] = key
        return live.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    ask.officer = officer
    return ask


@pytest.fixture
def case(live: Province) -> str:
    return str(live.submitted(live.citizen()[1]))


def task_of(case: str) -> str:
    return f"/desk/cases/{case}/tasks/accept.1"


def number_of(live: Province, case: str) -> str:
    return live.platform.casework.cases.view(UUID(case), by=live.citizen()[1]).case_number


def test_the_next_task_is_taken_once_and_given_back(live: Province, ask, case: str) -> None:
    live.submitted(live.citizen()[1])
    key = uuid4().hex
    first, again = (ask("POST", "/desk/tasks/next", json={}, key=key).json["task"] for _ in range(2))
    second = ask("POST", "/desk/tasks/next", json={}).json["task"]
    assert first == again
    assert first["case"] != second["case"]
    mine = {one["case"] for one in ask("GET", "/desk/tasks?mine=true").json["items"]}
    assert mine >= {first["case"], second["case"]}
    for one in (first, second):
        assert ask("POST", f"/desk/cases/{one['case']}/tasks/{one['task']}/release").status_code == 204
    assert ask("POST", "/desk/tasks/next", json={"step": "nothing-such"}).json == {"task": None}


def test_the_queue_is_narrowed_counted_and_sorted(live: Province, ask, case: str) -> None:
    number = number_of(live, case)
    found = ask("GET", f"/desk/tasks?number={number}&free=true&suspended=none&order=received&kind=work").json["items"]
    assert [one["case"] for one in found] == [case]
    assert ask("GET", f"/desk/tasks?number={number}&received_to=2025-01-01").json["items"] == []
    assert ask("GET", "/desk/tasks?received_to=9999-12-31").status_code == 422
    groups = ask("GET", "/desk/steps").json["items"]
    assert (CARD, "accept") in {(one["item"], one["step"]) for one in groups}


def test_a_filter_is_read_back_as_it_was_saved(ask) -> None:
    wanted = {"mine": True, "card": "red", "step": "accept", "received_from": "2026-03-01", "order": "received"}
    saved = ask("POST", "/desk/filters", json={"name": "urgent", **wanted}).json["id"]
    assert ask("PUT", "/desk/first-filter", json={"filter": saved}).status_code == 204
    (kept,) = ask("GET", "/desk/filters").json["items"]
    assert (kept["id"], kept["name"], kept["is_default"]) == (saved, "urgent", True)
    assert kept["filters"].items() >= wanted.items()
    assert ask("PUT", "/desk/first-filter", json={"filter": str(uuid4())}).json["code"] == "desk.filter-unknown"
    assert ask("DELETE", f"/desk/filters/{saved}").status_code == 204
    assert ask("GET", "/desk/filters").json["items"] == []


def test_columns_are_chosen_among_those_there_are(ask) -> None:
    assert ask("PUT", "/desk/columns", json={"columns": ["urged", "step"]}).status_code == 200
    assert ask("GET", "/desk/columns").json == {"columns": ["urged", "step"]}
    assert ask("PUT", "/desk/columns", json={"columns": ["salary"]}).status_code == 422


def test_a_case_is_found_by_its_number_by_whose_unit_may_see_it(live: Province, ask, case: str) -> None:
    number = number_of(live, case)
    found = ask("GET", f"/desk/cases?number={number}").json["items"]
    assert [one["case"] for one in found] == [case]
    hospital = live.system("dept.health", "assessor")
    assert ask("GET", f"/desk/cases?number={number}", by=hospital).json["items"] == []
    assert ask("GET", f"/desk/cases/{case}/open-tasks").json["mine"] == "accept.1"


def test_a_case_that_waits_for_its_applicant_is_listed(live: Province, ask, case: str) -> None:
    act = {"act": "supplement", "marks": [{"target": "applicant.photo", "reason": "too dark"}]}
    done = ask("POST", f"{task_of(case)}/acts", json=act)
    assert done.status_code == 204, done.json
    assert case in {one["case"] for one in ask("GET", "/desk/waiting-cases?limit=100").json["items"]}


def test_an_act_against_ones_own_notes_is_warned_of_held_and_undone(live: Province, ask, case: str) -> None:
    note = {"target": "applicant.photo", "verdict": "wanting", "reason": "unreadable", "words": "too dark"}
    kept = ask("PUT", f"{task_of(case)}/checks", json={"notes": [note]})
    assert kept.json["notes"] == [note]
    assert ask("GET", f"{task_of(case)}/checks").json == kept.json
    warned = ask("POST", f"{task_of(case)}/held-acts", json={"act": "ok"})
    assert (warned.status_code, warned.json["code"]) == (422, "desk.checks-contradicted")
    key, body = uuid4().hex, {"act": "ok", "insist": True}
    given, again = (ask("POST", f"{task_of(case)}/held-acts", json=body, key=key) for _ in range(2))
    held = given.json["held"]
    assert (given.status_code, held["case"], held["may_undo"]) == (202, case, True)
    assert again.json == given.json
    assert held["id"] in {one["id"] for one in ask("GET", "/desk/held-acts").json["items"]}
    undone = ask("POST", f"/desk/held-acts/{held['id']}/undoing")
    assert undone.json == {"case": case, "task": "accept.1"}
    live.deliver_all()
    assert ask("GET", task_of(case)).status_code == 200
    assert ask("POST", f"/desk/held-acts/{held['id']}/undoing").json["code"] == "desk.undo-too-late"


def test_an_act_that_nobody_undoes_takes_effect(live: Province, ask, case: str) -> None:
    assert ask("POST", f"{task_of(case)}/held-acts", json={"act": "ok"}).status_code == 202
    live.deliver_all()
    assert ask("GET", task_of(case)).status_code == 404
    assert case not in {one["case"] for one in ask("GET", "/desk/held-acts").json["items"]}


def test_a_note_on_what_may_not_be_marked_is_refused(ask, case: str) -> None:
    refused = ask("PUT", f"{task_of(case)}/checks", json={"notes": [{"target": "no.such", "verdict": "passed"}]})
    assert refused.status_code == 422


def test_phrases_are_kept_and_the_units_are_its_leaders(ask) -> None:
    added = ask("POST", "/desk/phrases", json={"text": "Take the photo by daylight."}).json["id"]
    assert added in {one["id"] for one in ask("GET", "/desk/phrases").json["items"]}
    assert ask("POST", "/desk/phrases", json={"text": "for all", "units": True}).status_code == 403
    assert ask("DELETE", f"/desk/phrases/{added}").status_code == 204
    assert ask("DELETE", f"/desk/phrases/{added}").status_code == 404


def test_a_colleague_stands_in_until_it_is_ended(live: Province, ask) -> None:
    today = live.platform.base.calendar.local_date(live.platform.base.clock.now())
    checker = partial(ask, by=live.officer("dept.cdpf", "checker")[0])
    me = checker("GET", "/me").json["id"]
    colleagues = checker("GET", "/desk/colleagues").json["items"]
    deputy = next(one["officer"] for one in colleagues if "checker" in one["roles"] and one["officer"] != me)
    wanted = {"deputy": deputy, "first_on": str(today), "last_on": str(today + timedelta(days=9))}
    entered = checker("POST", "/desk/absences", json=wanted)
    assert entered.status_code == 201, entered.json
    (absence,) = checker("GET", "/desk/absences").json["items"]
    assert (absence["id"], absence["officer"], absence["deputy"]) == (entered.json["id"], me, deputy)
    assert checker("POST", "/desk/absences", json=wanted).json["code"] == "desk.absence-clash"
    assert checker("DELETE", f"/desk/absences/{absence['id']}").status_code == 204
    assert checker("GET", "/desk/absences").json["items"] == []


def test_a_session_stands_only_where_its_officer_holds_a_post(live: Province, ask) -> None:
    (here,) = [one for one in ask("GET", "/me/units").json["items"] if one["is_here"]]
    unit = {"org": here["org"], "region": here["region"]}
    assert ask("PUT", "/me/unit", json=unit).status_code == 204
    assert ask("PUT", "/me/unit", json={"org": "dept.justice", "region": "470000"}).status_code == 403
    assert ask("PUT", "/me/unit", json=unit, by=live.system("dept.subdistrict", "window")).status_code == 403


def test_the_figures_of_a_day_that_is_to_come_are_todays(live: Province, ask, case: str) -> None:
    figures = ask("GET", "/desk/figures?on=2999-12-31").json
    assert figures == ask("GET", "/desk/figures").json
    assert figures["days"][-1]["on"] == figures["on"]
    assert figures["days"][-1]["received"] >= 1
    assert len(figures["hours"]) == 24


def test_a_job_is_previewed_begun_on_what_was_shown_and_stopped(live: Province, ask, case: str) -> None:
    wanted = {"item": CARD, "step": "accept", "number": number_of(live, case)}
    preview = ask("POST", "/desk/jobs/preview", json={**wanted, "act": "ok"}).json
    assert (preview["found"], preview["able"]) == (1, 1)
    assert "ok" in {one["id"] for one in preview["acts"]}
    before = ask("POST", "/desk/jobs", json={**wanted, "act": "ok", "until": "2026-01-01T00:00:00+08:00"}).json
    assert before == {"job": None, "total": 0}
    job = ask("POST", "/desk/jobs", json={**wanted, "act": "ok", "until": preview["until"]}).json["job"]
    assert ask("POST", f"/desk/jobs/{job}/stop").json["status"] == "stopped"
    live.deliver_all()
    results = ask("GET", f"/desk/jobs/{job}/results?outcome=stopped").json["items"]
    assert [one["case"] for one in results] == [case]
    assert ask("GET", f"/desk/jobs/{job}/results?outcome=done").json["items"] == []
