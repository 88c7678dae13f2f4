"""Pages say why a rule came out as it did: to who asks, who was turned down, the officer; and why a paper is needed."""

from dataclasses import replace
from datetime import date

from tests.factories.cases import ASSESSED, SAMPLE, card_item
from tests.factories.pages import CASE, Pages
from tests.factories.views import TASK, a_denied_case, a_draft, a_work
from workflows.domain.definition import HumanStep
from workflows.services.explanations import conditions_of, failed_rules, why_act_is_closed, why_wanted
from workflows.views import ActView, MaterialView

TODAY = date(2026, 3, 2)
ITEM = card_item()
ASK = "/items/cdpf.disability-card.first/may-apply"
ELSEWHERE = {**SAMPLE, "applicant.region": "440104"}
OUTSIDE = "户籍所在地不在样例省之内（户籍所在地为广东省广州市越秀区）"


def test_who_asks_is_told_and_nothing_is_stored(pages: Pages) -> None:
    visitor = pages.visitor()
    assert f'href="{ASK}"' in visitor.get("/items/cdpf.disability-card.first").text
    assert "其他地方" in visitor.get(ASK).text
    good = visitor.post(ASK, {"applicant.region": "470000"})
    assert (good.status_code, 'data-holds="True"' in good.text) == (200, True)
    bad = visitor.post(ASK, {"applicant.region": "elsewhere"}).text
    assert 'data-holds="False"' in bad
    assert "户籍所在地不在样例省之内" in bad
    assert "如果户籍所在地是样例省，结果就不同。" in bad
    assert 'data-holds="None"' in visitor.post(ASK, {}).text
    assert visitor.post(ASK, {"applicant.region": "nowhere"}).status_code == 422
    assert pages.cases.calls == []


def test_whoever_was_turned_down_sees_which_rule_failed_with_their_own_values(pages: Pages) -> None:
    values = {**ELSEWHERE, **ASSESSED, "verdict.grade": "not_graded"}
    failed = failed_rules(ITEM, values, decided_at="approve", on=TODAY)
    pages.cases.case_view = replace(a_denied_case(), failed=failed)
    html = pages.signed_in().get(f"/cases/{CASE}").text
    assert OUTSIDE in html
    assert "不能“批准”" in html
    assert "残疾等级是“未评定等级”" in html


def test_the_check_says_why_a_condition_fails_and_why_a_paper_is_needed(pages: Pages) -> None:
    guard = next(one for one in ITEM.materials if one.id == "guard_doc")
    why = why_wanted(guard.when, ITEM, {**SAMPLE, "claim.kind": "mental"}, today=TODAY)
    paper = MaterialView("guard_doc", "materials.guard_doc", guard.name, "civil.guardian", "wanted", explanation=why)
    conditions = conditions_of(ITEM, ELSEWHERE, today=TODAY)
    pages.cases.draft_view = a_draft(is_complete=True, conditions=conditions, materials=(paper,))
    html = pages.signed_in().get(f"/cases/{CASE}/check").text
    assert OUTSIDE in html
    assert "需要它，因为：申报的残疾类别是“智力残疾”或者“精神残疾”" in html
    assert "因为：申报的残疾类别是" in pages.signed_in().get(f"/cases/{CASE}/materials").text


def test_an_officer_is_told_why_an_act_is_closed_with_what_the_officer_may_read(pages: Pages) -> None:
    approve = ITEM.steps["approve"]
    assert isinstance(approve, HumanStep)
    closed = why_act_is_closed(approve.acts[0], ITEM, {**SAMPLE, "verdict.grade": "not_graded"}, today=TODAY)
    act = ActView(
        "ok", "批准", needs_reason=False, is_enabled=False, why_not="case.act-not-allowed", explanation=closed
    )
    pages.cases.work_view = replace(a_work(), acts=(act,))
    assert "残疾等级是“未评定等级”" in pages.signed_in("window").get(f"/officer/cases/{CASE}/tasks/{TASK}").text
