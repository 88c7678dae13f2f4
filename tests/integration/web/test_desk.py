"""Officers see their queue and act with reasons; a refused form keeps everything typed."""

import io
from uuid import UUID

import pytest

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.types import Fault, ValueRefused
from tests.factories.pages import CASE, CODE, FILE, PNG, Pages
from tests.factories.views import COLLEAGUE, a_case, a_vote, a_work, an_assessment
from workflows.domain.commands import ActOn, Mark
from workflows.engine.refusals import FourEyes, StaleTask
from workflows.services.errors import CaseUnknown, TaskUnknown
from workflows.views import Permitted

TASK = f"/officer/cases/{CASE}/tasks/accept.1"


def test_an_officer_signs_in_with_two_factors(pages: Pages) -> None:
    visitor = pages.visitor()
    assert (
        visitor.post("/officer/sign-in", {"login": "window", "password": "right"}).location == "/officer/sign-in/code"
    )
    visitor.get("/officer/sign-in/code")
    assert visitor.post("/officer/sign-in/code", {"code": CODE}).location == "/officer"
    assert visitor.get("/officer").status_code == 200


@pytest.mark.parametrize("sent", [{}, {"login": "window"}, {"login": "window", "password": "wrong"}])
def test_a_bad_sign_in_of_an_officer_is_told(pages: Pages, sent: dict) -> None:
    response = pages.visitor().post("/officer/sign-in", sent)
    assert response.status_code == 422
    assert "<title>错误：" in response.text


def test_the_case_page_shows_sources_clock_history_and_acts(pages: Pages) -> None:
    html = pages.signed_in("leader").get(TASK).text
    assert "公安提供" in html
    assert 'id="act-ok"' in html
    assert 'name="act" value="supplement"' in html
    assert 'data-used="4"' in html
    assert 'data-kind="submitted"' in html
    assert f'src="/officer/cases/{CASE}/files/{FILE}"' in html


def test_an_act_without_a_question_is_one_press(pages: Pages) -> None:
    response = pages.signed_in("window").post(f"{TASK}/act", {"act": "ok", "key": "k"})
    assert response.location == "/officer"
    (done,) = pages.cases.called("act")
    assert done == {"command": ActOn("accept.1", "ok"), "key": "k"}


def test_a_refusal_needs_a_reason(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    refused = visitor.post(f"{TASK}/act", {"act": "refuse", "reason": " "})
    assert refused.status_code == 422
    assert '<a href="#f-refuse-reason">请写明理由，申请人会看到</a>' in refused.text
    assert 'id="f-refuse-reason"' in refused.text
    assert pages.cases.called("act") == []
    visitor.post(f"{TASK}/act", {"act": "refuse", "reason": "不属于本部门职权"})
    assert pages.cases.called("act")[0]["command"].reason == "不属于本部门职权"


def test_a_supplement_marks_targets_each_with_a_reason(pages: Pages) -> None:
    sent = {
        "act": "supplement",
        "mark.claim.cause": "1",
        "mark-reason.claim.cause": "请写明医院",
        "mark-reason.applicant.photo": "没有勾选",
    }
    pages.signed_in("window").post(f"{TASK}/act", sent)
    assert pages.cases.called("act")[0]["command"].marks == (Mark("claim.cause", "请写明医院"),)


def test_a_supplement_without_marks_is_refused(pages: Pages) -> None:
    response = pages.signed_in("window").post(f"{TASK}/act", {"act": "supplement"})
    assert response.status_code == 422
    assert '<a href="#f-supplement-marks">请至少勾选一项需要补正的内容</a>' in response.text


def test_a_mark_without_a_reason_is_refused_and_stays_marked(pages: Pages) -> None:
    sent = {
        "act": "supplement",
        "mark.claim.cause": "1",
        "mark.applicant.photo": "1",
        "mark-reason.applicant.photo": "看不清",
    }
    response = pages.signed_in("window").post(f"{TASK}/act", sent)
    assert response.status_code == 422
    assert "请写明“致残原因”需要怎样补正" in response.text
    assert 'name="mark.claim.cause" value="1" checked' in response.text
    assert 'value="看不清"' in response.text


@pytest.mark.parametrize(
    ("reason", "told"),
    [("x\0", "含有不能使用的字符"), ("长" * 501, "最多填写500个字")],
    ids=["unseen", "too long"],
)
def test_a_mark_whose_reason_no_paper_can_carry_is_refused(pages: Pages, reason: str, told: str) -> None:
    sent = {"act": "supplement", "mark.claim.cause": "1", "mark-reason.claim.cause": reason}
    response = pages.signed_in("window").post(f"{TASK}/act", sent)
    assert response.status_code == 422
    assert f'<a href="#f-supplement-mark-reason-claim-cause">{told}' in response.text
    assert pages.cases.called("act") == []


def test_fields_are_filled_with_a_file(pages: Pages) -> None:
    pages.cases.work_view = an_assessment()
    sent = {"act": "done", "assess.kind": "hearing", "assess.level": "2", "assess.report": (io.BytesIO(PNG), "r.png")}
    path = f"/officer/cases/{CASE}/tasks/assess.1/act"
    assert pages.signed_in("window").post(path, sent, content_type="multipart/form-data").location == "/officer"
    command = pages.cases.called("act")[0]["command"]
    assert command.fields == {"assess.kind": "hearing", "assess.level": "2", "assess.report": str(FILE)}


def test_a_fill_with_a_fault_keeps_what_was_typed(pages: Pages) -> None:
    pages.cases.work_view = an_assessment()
    pages.cases.refuse["act"] = InvalidFields([ValueRefused(Fault.INT_RANGE, field="assess.level", low=0, high=4)])
    sent = {"act": "done", "assess.kind": "hearing", "assess.level": "9", "assess.report": (io.BytesIO(PNG), "r.png")}
    response = pages.signed_in("window").post(
        f"/officer/cases/{CASE}/tasks/assess.1/act", sent, content_type="multipart/form-data"
    )
    assert response.status_code == 422
    assert "应在 0 到 4 之间" in response.text
    assert 'value="9"' in response.text
    assert f'name="assess.report.stored" value="{FILE}"' in response.text


def test_a_vote_shows_its_state_but_no_other_voices(pages: Pages) -> None:
    pages.cases.work_view = a_vote()
    html = pages.signed_in("window").get(f"/officer/cases/{CASE}/tasks/review.1.2").text
    assert 'data-vote="1/3"' in html
    assert "我认识申请人" in html
    assert "退回到：评定与核验" in html
    assert 'data-why-not="case.four-eyes"' in html
    assert "须由另一位同事办理" in html


@pytest.mark.parametrize("act", ["", "never-heard-of"])
def test_an_act_that_is_not_offered_is_stale(pages: Pages, act: str) -> None:
    response = pages.signed_in("window").post(f"{TASK}/act", {"act": act})
    assert response.status_code == 409
    assert "同事刚刚办过" in response.text
    assert pages.cases.called("act") == []


def test_the_slower_of_two_officers_is_told(pages: Pages) -> None:
    pages.cases.refuse["act"] = StaleTask()
    response = pages.signed_in("window").post(f"{TASK}/act", {"act": "ok"})
    assert response.status_code == 409
    assert "回到待办列表" in response.text


def test_four_eyes_are_explained(pages: Pages) -> None:
    pages.cases.refuse["act"] = FourEyes()
    assert "另一位同事" in pages.signed_in("window").post(f"{TASK}/act", {"act": "ok"}).text


def test_a_task_that_is_gone_is_not_found(pages: Pages) -> None:
    pages.cases.refuse["work"] = TaskUnknown()
    assert pages.signed_in("window").get(TASK).status_code == 404


def test_a_task_is_claimed(pages: Pages) -> None:
    assert pages.signed_in("window").post(f"{TASK}/claim").location == TASK
    assert pages.cases.called("claim") == [{"task": "accept.1"}]


def test_a_task_is_handed_to_a_colleague(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    refused = visitor.post(f"{TASK}/hand-over", {"to": "nobody", "reason": "休假"})
    assert refused.status_code == 422
    assert "请选择转给哪位同事" in refused.text
    assert "休假</textarea>" in refused.text
    assert visitor.post(f"{TASK}/hand-over", {"to": str(COLLEAGUE), "reason": "休假"}).location == "/officer"
    assert pages.cases.called("hand_over") == [{"task": "accept.1", "to": UUID(str(COLLEAGUE)), "reason": "休假"}]


def test_a_hand_over_with_an_unprintable_reason_is_refused(pages: Pages) -> None:
    response = pages.signed_in("window").post(f"{TASK}/hand-over", {"to": str(COLLEAGUE), "reason": "x\0"})
    assert response.status_code == 422
    assert '<a href="#f-hand-over-reason">含有不能使用的字符' in response.text
    assert pages.cases.called("hand_over") == []


def test_a_case_is_suspended_on_a_ground_with_a_reason(pages: Pages) -> None:
    visitor = pages.signed_in("leader")
    refused = visitor.post(f"{TASK}/suspend", {"reason": ""})
    assert refused.status_code == 422
    assert 'data-faults="2"' in refused.text
    assert visitor.post(f"{TASK}/suspend", {"ground": "听证", "reason": "当事人申请听证"}).location == TASK
    assert pages.cases.called("suspend") == [{"ground": "听证", "reason": "当事人申请听证"}]


def test_a_case_is_resumed_without_a_reason(pages: Pages) -> None:
    pages.cases.work_view = a_work(case=a_case(permitted=Permitted(resume=True)))
    assert 'id="resume"' in pages.signed_in("leader").get(TASK).text
    assert pages.signed_in("leader").post(f"{TASK}/resume").location == TASK
    assert pages.cases.called("resume") == [{"reason": ""}]


def test_only_a_leader_extends_and_says_why(pages: Pages) -> None:
    assert pages.signed_in("window").post(f"{TASK}/extend", {"reason": "x"}).status_code == 403
    assert pages.signed_in("leader").post(f"{TASK}/extend", {"reason": ""}).status_code == 422
    assert pages.signed_in("leader").post(f"{TASK}/extend", {"reason": "案情复杂"}).location == TASK
    assert pages.cases.called("extend") == [{"reason": "案情复杂"}]


def test_a_case_number_leads_to_its_task(pages: Pages) -> None:
    assert pages.signed_in("window").get(f"/officer/cases/{CASE}").location == TASK
    pages.cases.queue_rows = ()
    assert "只能查看" in pages.signed_in("window").get(f"/officer/cases/{CASE}").text
    pages.cases.refuse["view"] = CaseUnknown()
    assert pages.signed_in("window").get(f"/officer/cases/{CASE}").status_code == 404
