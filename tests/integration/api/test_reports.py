"""A department's system reads the reports of its cases through the API, and the person sees it."""

import json

from jsonschema import Draft202012Validator

from tests.factories.ledger import settle
from tests.factories.province import Province
from workflows.reporting.standard import schema


def ask(live: Province, token: str, path: str):
    return live.app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_system_that_reports_reads_on_from_page_to_page(live: Province) -> None:
    token, citizen = live.citizen()
    cases = {str(live.accepted(citizen)), str(live.submitted(citizen))}
    key = live.system("dept.cdpf", "reporter")
    settle(live.platform.base.db)
    told, path = {}, "/api/v1/case-reports?limit=1"
    while True:
        page = ask(live, key, path)
        assert page.status_code == 200, page.text
        if not page.json["items"]:
            break
        told |= {one["case"]: one for one in page.json["items"]}
        path = page.headers["Link"].partition("<")[2].partition(">")[0]
    assert cases <= set(told)
    for case in cases:
        Draft202012Validator(schema()).validate(told[case]["sets"])
    uses = ask(live, token, "/api/v1/me/data-records").json["items"]
    assert cases <= {one["case"] for one in uses if one["purpose"] == "report"}
    assert "申请者证件号码" in json.dumps(told, ensure_ascii=False)


def test_nobody_else_reads_them(live: Province) -> None:
    checker, _ = live.officer("dept.cdpf", "checker")
    assessor = live.system("dept.health", "assessor")
    assert [ask(live, one, "/api/v1/case-reports").status_code for one in (checker, assessor)] == [403, 403]
    other = live.system("dept.health", "reporter")
    assert ask(live, other, "/api/v1/case-reports").json["items"] == []


def test_a_cursor_of_ones_own_making_opens_nothing(live: Province) -> None:
    key = live.system("dept.cdpf", "reporter")
    refused = ask(live, key, "/api/v1/case-reports?cursor=7%20case")
    assert (refused.status_code, refused.json["code"]) == (422, "api.cursor")
