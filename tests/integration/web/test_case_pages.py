"""The applicant follows the case, answers what is asked, and uses the remedies."""

import io
from dataclasses import replace

import pytest

from gov_portal.kernel.errors import InvalidFields, NotFound
from gov_portal.kernel.types import Fault, ValueRefused
from tests.factories.pages import CASE, FILE, PNG, Pages
from tests.factories.views import (
    NUMBER,
    a_case,
    a_case_row,
    a_denied_case,
    a_granted_case,
    a_supplement,
    at,
)
from workflows.domain.state import Status
from workflows.engine.refusals import StaleTask, UrgedAlready, WithdrawalTooLate
from workflows.services.errors import CaseUnknown
from workflows.views import Permitted, StandstillView

PAGE = f"/cases/{CASE}"
SUPPLEMENT = f"{PAGE}/supplement"
TASK = "accept.1.s"


def asked(pages: Pages) -> None:
    pages.cases.case_view = a_case(supplement=a_supplement())


def test_the_receipt_shows_number_next_step_and_promised_days(pages: Pages) -> None:
    html = pages.signed_in().get(f"{PAGE}/receipt").text
    assert f'data-case-number="{NUMBER}"' in html
    assert "东样区残疾人联合会" in html
    assert "承诺在 15个工作日内作出决定（法定最长 30个工作日）" in html


def test_a_draft_has_no_receipt(pages: Pages) -> None:
    pages.cases.case_view = a_case(status=Status.DRAFT)
    assert pages.signed_in().get(f"{PAGE}/receipt").location == f"{PAGE}/form"
    assert pages.signed_in().get(PAGE).location == f"{PAGE}/form"


def test_the_progress_says_where_it_stands_who_has_it_and_until_when(pages: Pages) -> None:
    html = pages.signed_in().get(PAGE).text
    assert 'data-status="open"' in html
    assert 'data-holder="review"' in html
    assert '不晚于 <span class="whole">2026年3月19日</span>' in html
    assert 'data-kind="acted"' in html


def test_the_clock_explains_itself(pages: Pages) -> None:
    html = pages.signed_in().get(PAGE).text
    assert 'data-used="4" data-promised="15"' in html
    assert "2026年3月9日 至 3月13日" in html
    assert 'data-working-days="5" data-counted="false"' in html


@pytest.mark.parametrize(
    ("standstill", "words"),
    [
        (StandstillView("paused", at(9), "assess", "残疾评定", "鉴定", ""), "现在停钟：鉴定。"),
        (StandstillView("suspended", at(9), ground="听证"), "办件已挂起。"),
        (StandstillView("unavailable", at(9), "verify", "身份核验"), "身份核验：对方部门的系统暂时没有回应。"),
    ],
    ids=["paused", "suspended", "unavailable"],
)
def test_every_standstill_is_explained(pages: Pages, standstill: StandstillView, words: str) -> None:
    pages.cases.case_view = a_case(standstills=(standstill,))
    html = pages.signed_in().get(PAGE).text
    assert words in html
    assert f'data-standstill="{standstill.kind}"' in html


def test_a_granted_case_leads_to_the_licence(pages: Pages) -> None:
    pages.cases.case_view = a_granted_case()
    visitor = pages.signed_in()
    html = visitor.get(PAGE).text
    assert 'data-outcome="granted"' in html
    assert f'href="{PAGE}/licence.pdf"' in html
    pdf = visitor.get(f"{PAGE}/licence.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")


def test_without_a_licence_there_is_no_pdf(pages: Pages) -> None:
    assert pages.signed_in().get(f"{PAGE}/licence.pdf").status_code == 404


def test_a_refusal_says_why_and_what_may_be_done(pages: Pages) -> None:
    pages.cases.case_view = a_denied_case()
    html = pages.signed_in().get(PAGE).text
    assert "评定结果未达到残疾标准" in html
    assert "行政复议、行政诉讼" in html
    assert f'href="{PAGE}/appeal"' in html


def test_a_notice_is_shown_but_never_run(pages: Pages) -> None:
    response = pages.signed_in().get(f"{PAGE}/files/{FILE}")
    assert response.mimetype == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]


def test_a_file_of_an_unknown_kind_is_downloaded(pages: Pages) -> None:
    pages.cases.file = lambda case, file, *, by: ("text/html", b"<script>")
    response = pages.signed_in().get(f"{PAGE}/files/{FILE}")
    assert response.mimetype == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_somebody_elses_case_is_not_found(pages: Pages) -> None:
    pages.cases.refuse["view"] = CaseUnknown()
    assert pages.signed_in().get(PAGE).status_code == 404


@pytest.mark.parametrize("path", ["/cases/1", "/cases/not-an-id", f"/cases/{CASE}x"])
def test_an_address_that_names_no_case_is_not_found(pages: Pages, path: str) -> None:
    assert pages.signed_in().get(path).status_code == 404


def test_the_list_shows_what_waits_for_the_applicant(pages: Pages) -> None:
    pages.cases.rows = (a_case_row(needs_applicant=True),)
    assert "需要您补正" in pages.signed_in().get("/cases").text
    assert f'href="{SUPPLEMENT}"' in pages.signed_in().get("/").text


def test_the_supplement_shows_only_what_is_marked_with_reason_and_old_answer(pages: Pages) -> None:
    asked(pages)
    html = pages.signed_in().get(SUPPLEMENT).text
    assert html.count('data-mark="') == 2
    assert "请写明开始的时间和看过的医院" in html
    assert html.count("原来提交的") == 1
    assert "幼年高烧</p>" in html
    assert 'name="claim.kind"' not in html


def test_the_supplement_leads_to_the_earlier_file(pages: Pages) -> None:
    marks = a_supplement().marks
    paper = replace(marks[1], material=replace(marks[1].material, file=FILE))
    pages.cases.case_view = a_case(supplement=replace(a_supplement(), marks=(marks[0], paper)))
    html = pages.signed_in().get(SUPPLEMENT).text
    assert f'href="{PAGE}/files/{FILE}"' in html
    assert "查看原来的文件" in html


def test_the_receipt_is_offered_as_a_paper(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert f'href="{PAGE}/receipt.pdf"' in visitor.get(f"{PAGE}/receipt").text
    paper = visitor.get(f"{PAGE}/receipt.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")


def test_the_supplement_hands_in_the_marked_fields_only(pages: Pages) -> None:
    asked(pages)
    sent = {
        "task": TASK,
        "key": "k" * 32,
        "claim.cause": "三岁时在县医院看过",
        "claim.kind": "vision",
        "materials.guard_doc": (io.BytesIO(PNG), "户口簿.png"),
    }
    response = pages.signed_in().post(SUPPLEMENT, sent, content_type="multipart/form-data")
    assert response.location == PAGE
    (returned,) = pages.cases.called("return_supplement")
    assert returned == {
        "task": TASK,
        "key": "k" * 32,
        "raw": {"claim.cause": "三岁时在县医院看过", "materials.guard_doc": str(FILE)},
    }


def test_a_supplement_with_a_fault_keeps_what_was_typed(pages: Pages) -> None:
    asked(pages)
    pages.cases.refuse["return_supplement"] = InvalidFields([ValueRefused(Fault.TEXT_CHARACTER, field="claim.cause")])
    sent = {"task": TASK, "claim.cause": "三岁", "materials.guard_doc.stored": str(FILE)}
    response = pages.signed_in().post(SUPPLEMENT, sent)
    assert response.status_code == 422
    assert "三岁</textarea>" in response.text
    assert f'name="materials.guard_doc.stored" value="{FILE}"' in response.text
    assert "含有不能使用的字符" in response.text


def test_a_paper_that_is_wanted_must_come(pages: Pages) -> None:
    asked(pages)
    response = pages.signed_in().post(SUPPLEMENT, {"task": TASK, "claim.cause": "三岁"})
    assert response.status_code == 422
    assert "请上传监护关系证明" in response.text
    assert pages.cases.called("return_supplement") == []


def test_without_a_supplement_there_is_no_page_for_it(pages: Pages) -> None:
    assert pages.signed_in().get(SUPPLEMENT).status_code == 404


def test_a_second_press_of_a_returned_supplement_shows_the_case(pages: Pages) -> None:
    assert pages.signed_in().post(SUPPLEMENT, {"task": TASK, "key": "k" * 32}).location == PAGE


def test_withdrawing_asks_first_and_carries_a_key(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert "要撤回这份申请吗" in visitor.get(f"{PAGE}/withdraw").text
    assert visitor.post(f"{PAGE}/withdraw", {"reason": "不办了", "key": "k" * 32}).location == PAGE
    assert pages.cases.called("withdraw") == [{"reason": "不办了", "key": "k" * 32}]


def test_a_reason_that_is_too_long_is_kept_and_told(pages: Pages) -> None:
    response = pages.signed_in().post(f"{PAGE}/withdraw", {"reason": "长" * 600})
    assert response.status_code == 422
    assert "最多填写500个字，您填了600个字" in response.text
    assert "长" * 600 in response.text


def test_a_withdrawal_that_comes_too_late_says_so(pages: Pages) -> None:
    pages.cases.refuse["withdraw"] = WithdrawalTooLate()
    response = pages.signed_in().post(f"{PAGE}/withdraw", {"key": "k" * 32})
    assert response.status_code == 409
    assert "不能再撤回" in response.text


def test_what_is_not_permitted_is_not_offered(pages: Pages) -> None:
    pages.cases.case_view = a_case(permitted=Permitted())
    visitor = pages.signed_in()
    html = visitor.get(PAGE).text
    assert "催办" not in html
    assert "撤回申请" not in html
    assert visitor.get(f"{PAGE}/withdraw").status_code == 409
    assert visitor.get(f"{PAGE}/appeal").status_code == 409


def test_urging_twice_is_told(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert visitor.post(f"{PAGE}/urge").location == PAGE
    pages.cases.refuse["urge"] = UrgedAlready()
    assert visitor.post(f"{PAGE}/urge").status_code == 429


def test_an_appeal_needs_a_reason_and_opens_the_new_case(pages: Pages) -> None:
    pages.cases.case_view = a_denied_case()
    visitor = pages.signed_in()
    refused = visitor.post(f"{PAGE}/appeal", {"reason": "  "})
    assert refused.status_code == 422
    assert "请填写复议的理由" in refused.text
    assert visitor.post(f"{PAGE}/appeal", {"reason": "漏看了检查报告"}).location == PAGE
    assert pages.cases.called("appeal") == [{"reason": "漏看了检查报告"}]


def test_a_public_notice_hides_what_identifies(pages: Pages) -> None:
    html = pages.visitor().get(f"/notices/{CASE}/publicise").text
    assert "林**" in html
    assert "2026年3月16日（星期一）" in html
    assert NUMBER in pages.visitor().get("/notices").text


def test_an_objection_needs_a_text_and_a_session(pages: Pages) -> None:
    path = f"/notices/{CASE}/publicise/object"
    assert pages.visitor().get(path).status_code == 303
    visitor = pages.signed_in()
    assert "请填写异议的内容" in visitor.post(path, {"text": ""}).text
    assert visitor.post(path, {"text": "听力没有问题", "key": "k" * 32}).location == f"/notices/{CASE}/publicise"
    assert pages.cases.called("object_to") == [{"step": "publicise", "text": "听力没有问题", "key": "k" * 32}]


def test_a_notice_that_is_over_is_not_found(pages: Pages) -> None:
    def gone(*_: object) -> None:
        raise NotFound

    pages.cases.public_notice = gone
    assert pages.visitor().get(f"/notices/{CASE}/publicise").status_code == 404


def test_a_stale_supplement_is_a_conflict(pages: Pages) -> None:
    asked(pages)
    pages.cases.refuse["return_supplement"] = StaleTask()
    sent = {"task": TASK, "claim.cause": "三岁", "materials.guard_doc.stored": str(FILE)}
    response = pages.signed_in().post(SUPPLEMENT, sent)
    assert response.status_code == 409


def test_what_the_person_was_told_can_be_read_again(pages: Pages) -> None:
    assert 'data-message="' in pages.signed_in().get("/messages").text
