"""Programs are told why, as people are: before, in and after an application, and at the desk; and see the flow."""

from dataclasses import replace

import pytest

from tests.factories.cases import ASSESSED, SAMPLE, card_item
from tests.factories.counter import VISIT
from tests.factories.offers import OFFER, an_offer
from tests.factories.pages import CASE, CITIZEN, Pages
from tests.factories.views import TASK, a_case, a_denied_case, a_draft, a_work
from tests.integration.web.test_reasons import ELSEWHERE, TODAY
from workflows.domain.definition import HumanStep
from workflows.services.explanations import conditions_of, failed_rules, why_act_is_closed
from workflows.views import ActView, SignersView

ITEM = card_item()
ELIGIBILITY = "/items/cdpf.disability-card.first/eligibility"
OUTSIDE = "户籍所在地不在样例省之内（户籍所在地为广东省广州市越秀区）"


def ask(pages: Pages, method: str, path: str, *, by: str = "citizen", **more):
    headers = {"Authorization": f"Bearer {by}"} if by else {}
    return pages.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)


def test_whoever_asks_is_told_what_holds_and_what_would_change_it(pages: Pages) -> None:
    (question,) = ask(pages, "GET", ELIGIBILITY, by="").json["questions"]
    assert question["path"] == "applicant.region"
    told = ask(pages, "POST", ELIGIBILITY, by="", json={"answers": {"applicant.region": "440104"}}).json
    assert told["holds"] is False
    (rule,) = [one for one in told["conditions"] if one["holds"] is False]
    assert rule["reasons"] == [OUTSIDE]
    assert rule["changes"]
    assert ask(pages, "POST", ELIGIBILITY, by="", json={"answers": {}}).json["holds"] is None
    wrong = ask(pages, "POST", ELIGIBILITY, by="", json={"answers": {"applicant.region": "nowhere"}})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "#/answers/applicant.region")
    assert pages.cases.calls == []


def test_a_draft_says_which_condition_fails_before_it_is_handed_in(pages: Pages) -> None:
    pages.cases.draft_view = a_draft(conditions=conditions_of(ITEM, ELSEWHERE, today=TODAY))
    told = ask(pages, "GET", f"/drafts/{CASE}/explanations").json
    assert [one["reasons"] for one in told["conditions"] if one["holds"] is False] == [[OUTSIDE]]


def test_whoever_was_turned_down_is_told_the_rules_with_their_own_values(pages: Pages) -> None:
    values = {**ELSEWHERE, **ASSESSED, "verdict.grade": "not_graded"}
    failed = failed_rules(ITEM, values, decided_at="approve", on=TODAY)
    pages.cases.case_view = replace(a_denied_case(), failed=failed)
    rules = ask(pages, "GET", f"/cases/{CASE}/explanations").json["rules"]
    assert any("残疾等级是“未评定等级”" in reason for rule in rules for reason in rule["reasons"])


def test_an_officer_is_told_why_an_act_is_closed(pages: Pages) -> None:
    approve = ITEM.steps["approve"]
    assert isinstance(approve, HumanStep)
    why = why_act_is_closed(approve.acts[0], ITEM, {**SAMPLE, "verdict.grade": "not_graded"}, today=TODAY)
    act = ActView("ok", "批准", needs_reason=False, is_enabled=False, why_not="case.act-not-allowed", explanation=why)
    pages.cases.work_view = replace(a_work(), acts=(act,))
    (told,) = ask(pages, "GET", f"/desk/cases/{CASE}/tasks/{TASK}/explanations", by="window").json["acts"]
    assert told["act"] == "ok"
    assert "残疾等级是“未评定等级”" in told["reasons"][0]


@pytest.mark.parametrize(
    ("path", "by"), [(f"/cases/{CASE}", "citizen"), (f"/desk/cases/{CASE}", "window")], ids=["applicant", "officer"]
)
def test_the_flow_is_drawn_with_where_the_case_is(pages: Pages, path: str, by: str) -> None:
    drawn = ask(pages, "GET", f"{path}/flow.svg", by=by)
    assert drawn.mimetype == "image/svg+xml"
    page = pages.signed_in(by).get(f"/cases/{CASE}/flow.svg" if by == "citizen" else f"/officer/cases/{CASE}/flow.svg")
    assert page.data == drawn.data


@pytest.mark.parametrize("path", [f"/officer/cases/{CASE}?read=1", f"/officer/cases/{CASE}/tasks/{TASK}"])
def test_the_desk_shows_the_flow(pages: Pages, path: str) -> None:
    assert f'src="/officer/cases/{CASE}/flow.svg"' in pages.signed_in("leader").get(path).text


def test_signers_are_shown_and_changed(pages: Pages) -> None:
    step = SignersView("countersign", "会签", (("finance", "财务"),), (("audit", "审计"),), (("ethics", "伦理"),))
    pages.cases.case_view = a_case(signers=(step,))
    path, change = f"/desk/cases/{CASE}/signers", {"step": "countersign", "add": "ethics", "reason": "animals"}
    told = ask(pages, "POST", path, by="leader", json=change).json["signers"]
    assert told[0]["waiting"] == [{"id": "audit", "label": "审计"}]
    (done,) = pages.cases.called("change_signers")
    assert (done["step"], done["add"], done["remove"]) == ("countersign", "ethics", "")
    assert ask(pages, "POST", path, by="leader", json={"step": "countersign", "add": "x"}).status_code == 422


def test_an_offer_is_listed_with_why_and_agreed_to_or_declined(pages: Pages) -> None:
    pages.offers.offered = (an_offer(),)
    (row,) = ask(pages, "GET", "/offers").json["items"]
    assert (row["id"], row["why"]) == (str(OFFER), "有关部门核对过，您符合条件。")
    assert ask(pages, "POST", f"/offers/{OFFER}/agreement").json["is_submitted"] is True
    assert ask(pages, "POST", f"/offers/{OFFER}/refusal").status_code == 204
    assert (pages.offers.taken, pages.offers.declined) == ([OFFER], [OFFER])
    assert ask(pages, "GET", f"/offers/{CASE}").json["code"] == "offer.unknown"


def test_a_party_uploads_and_appeals(pages: Pages) -> None:
    assert ask(pages, "POST", f"/involvements/{CASE}/appeal", json={"reason": "不服"}).status_code == 201
    assert pages.cases.called("appeal") == [{"reason": "不服"}]
    assert ask(pages, "POST", f"/involvements/{CASE}/appeal", json={"reason": ""}).status_code == 422


def test_what_is_explained_to_an_applicant_is_explained_at_the_counter(pages: Pages) -> None:
    told = ask(pages, "GET", f"/counter/visits/{VISIT}/cases/{CASE}/explanations", by="counter")
    assert (told.status_code, told.json["code"]) == (422, "counter.consent-missing")
    assert ask(pages, "GET", f"/cases/{CASE}/explanations").status_code == 200
    assert CITIZEN.hand is None
