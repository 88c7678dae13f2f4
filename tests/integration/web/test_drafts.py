"""An application is filled page by page, checked and submitted once."""

import io
import re

import pytest

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.files import FileTooLarge, FileTypeRefused
from gov_portal.kernel.types import Fault, ValueRefused
from tests.factories.pages import CASE, FILE, PNG, WARD, Pages
from tests.factories.views import a_case_row, a_draft, a_field
from workflows.domain.state import Status
from workflows.engine.refusals import CaseNotDraft
from workflows.services.errors import ConditionUnmet
from workflows.views import ConditionView, MaterialView, PageView

ITEM = "/items/cdpf.disability-card.first"
BASIC = f"/cases/{CASE}/form/basic"
CHECK = f"/cases/{CASE}/check"
ANSWERS = {"claim.kind": "hearing", "claim.cause": "幼年高烧", "claim.homebound": "false"}


def photo(name: str = "我.png", content: bytes = PNG) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_the_guide_says_in_one_sentence_who_gets_what_and_when(pages: Pages) -> None:
    html = pages.visitor().get(ITEM).text
    assert "个人可以申请，受理后15个工作日内办结，发给残疾人证。" in html
    for fact in ("条件", "材料", "时限", "费用", "到现场次数", "结果"):
        assert f"<dt>{fact}</dt>" in html
    assert "户口簿：不用交，从公安取得" in html


def test_the_search_is_forgiving(pages: Pages) -> None:
    assert "残疾人证首次申办" in pages.visitor().get("/?q=残疾证").text
    assert "没有找到" in pages.visitor().get("/?q=驾驶证").text


def test_looking_at_the_guide_begins_nothing(pages: Pages) -> None:
    pages.signed_in().get(ITEM)
    pages.signed_in().get(f"{ITEM}/start")
    assert pages.cases.called("begin") == []


def test_one_begins_for_oneself(pages: Pages) -> None:
    response = pages.signed_in().post(f"{ITEM}/start", {"for_whom": "self", "act": "begin"})
    assert response.location == f"/cases/{CASE}/form"
    (begun,) = pages.cases.called("begin")
    assert (begun["by"].acting_for, begun["again"]) == (None, False)


def test_one_begins_for_a_ward(pages: Pages) -> None:
    pages.signed_in().post(f"{ITEM}/start", {"for_whom": str(WARD), "act": "begin"})
    assert pages.cases.called("begin")[0]["by"].acting_for == WARD


@pytest.mark.parametrize("chosen", ["", "nonsense", "\0"])
def test_whoever_has_wards_must_say_for_whom(pages: Pages, chosen: str) -> None:
    response = pages.signed_in().post(f"{ITEM}/start", {"act": "begin", "for_whom": chosen})
    assert pages.cases.called("begin") == []
    assert response.status_code == 422
    assert '<a href="#f-for-whom">请选择为谁办理</a>' in response.text


def test_an_open_draft_is_gone_on_with_or_begun_anew(pages: Pages) -> None:
    pages.cases.rows = (a_case_row(status=Status.DRAFT, case_number=""),)
    visitor = pages.signed_in()
    html = visitor.get(f"{ITEM}/start").text
    assert re.search(r"没填完的申请，2026年3月\d+日 \d\d:\d\d 保存", html)
    assert "继续填写" in html
    assert "另起一份" in html
    visitor.post(f"{ITEM}/start", {"for_whom": "self", "act": "again"})
    assert pages.cases.called("begin")[0]["again"] is True
    assert f'href="/cases/{CASE}/form"' in visitor.get("/").text


def test_a_draft_goes_on_where_it_stopped(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert visitor.get(f"/cases/{CASE}/form").location == BASIC
    pages.cases.draft_view = a_draft(is_complete=True)
    assert visitor.get(f"/cases/{CASE}/form").location == CHECK


def test_what_departments_know_is_shown_with_its_source(pages: Pages) -> None:
    html = pages.signed_in().get(BASIC).text
    assert 'data-source="police.person"' in html
    assert "已从公安取得" in html
    assert 'name="applicant.birth' not in html


def test_a_question_says_why_it_is_asked(pages: Pages) -> None:
    html = pages.signed_in().get(BASIC).text
    assert "不同类别由不同专业的评定医师评定。" in html


def test_a_department_that_is_down_is_told_and_its_fields_are_asked(pages: Pages) -> None:
    asked = PageView("more", "补充信息", (a_field("applicant.birth"),), is_complete=False)
    pages.cases.draft_view = a_draft(pages=(asked,), unavailable=("police.person",))
    html = pages.signed_in().get(f"/cases/{CASE}/form/more").text
    assert "公安的系统暂时没有回应" in html
    assert 'name="applicant.birth.year"' in html


def test_a_page_is_kept_and_the_next_one_follows(pages: Pages) -> None:
    pages.cases.draft_view = a_draft(is_complete=True)
    response = pages.signed_in().post(
        BASIC, {**ANSWERS, "applicant.photo": photo()}, content_type="multipart/form-data"
    )
    assert response.location == f"/cases/{CASE}/form/delivery"
    assert pages.cases.called("attach") == [{"path": "applicant.photo", "size": len(PNG), "claimed_type": "image/png"}]
    (saved,) = pages.cases.called("save_page")
    assert saved == {"page": "basic", "raw": {**ANSWERS, "applicant.photo": str(FILE)}}


def test_from_the_check_a_change_leads_back_to_the_check(pages: Pages) -> None:
    pages.cases.draft_view = a_draft(is_complete=True)
    assert pages.signed_in().post(f"{BASIC}?then=check", ANSWERS).location == CHECK


def test_a_page_that_an_answer_made_longer_is_shown_again(pages: Pages) -> None:
    assert pages.signed_in().post(BASIC, ANSWERS).location == BASIC


def test_a_stored_photo_stays_when_no_other_is_chosen(pages: Pages) -> None:
    pages.cases.draft_view = a_draft(is_complete=True)
    pages.signed_in().post(BASIC, ANSWERS)
    assert pages.cases.called("save_page")[0]["raw"]["applicant.photo"] == str(FILE)


def test_faults_stand_on_top_and_at_their_fields_and_nothing_typed_is_lost(pages: Pages) -> None:
    pages.cases.refuse["save_page"] = InvalidFields(
        [
            ValueRefused(Fault.MISSING, field="claim.kind"),
            ValueRefused(Fault.TEXT_TOO_LONG, field="claim.cause", longest=200, length=230),
        ]
    )
    response = pages.signed_in().post(BASIC, {**ANSWERS, "claim.kind": ""})
    html = response.text
    assert response.status_code == 422
    assert "<title>错误：基本情况" in html
    assert '<a href="#f-claim-kind">请选择申报的残疾类别</a>' in html
    assert 'id="f-claim-kind-error"' in html
    assert "最多填写200个字，您填了230个字" in html
    assert "幼年高烧</textarea>" in html
    assert re.search(r'name="claim.homebound" value="false"[^>]* checked', html)
    assert "autofocus" in html


def test_a_photo_sent_with_a_refused_page_need_not_be_sent_again(pages: Pages) -> None:
    pages.cases.refuse["save_page"] = InvalidFields([ValueRefused(Fault.MISSING, field="claim.kind")])
    visitor = pages.signed_in()
    html = visitor.post(BASIC, {"applicant.photo": photo()}, content_type="multipart/form-data").text
    assert f'name="applicant.photo.stored" value="{FILE}"' in html
    pages.cases.refuse.clear()
    visitor.post(BASIC, {**ANSWERS, "applicant.photo.stored": str(FILE)})
    assert pages.cases.called("save_page")[-1]["raw"]["applicant.photo"] == str(FILE)


@pytest.mark.parametrize(
    ("error", "words"),
    [(FileTypeRefused(), "只能上传 PDF、JPG 或 PNG"), (FileTooLarge(max_mib=10), "文件超过 10 MB")],
    ids=["type", "size"],
)
def test_a_bad_file_is_told_at_its_input_beside_the_other_faults(pages: Pages, error: Exception, words: str) -> None:
    pages.cases.refuse["attach"] = error
    pages.cases.refuse["save_page"] = InvalidFields(
        [ValueRefused(Fault.MISSING, field="applicant.photo"), ValueRefused(Fault.MISSING, field="claim.kind")]
    )
    response = pages.signed_in().post(BASIC, {"applicant.photo": photo()}, content_type="multipart/form-data")
    assert response.status_code == 422
    assert 'data-faults="2"' in response.text
    assert words in response.text


def test_an_unknown_page_is_not_found(pages: Pages) -> None:
    assert pages.signed_in().get(f"/cases/{CASE}/form/nonsense").status_code == 404


def test_a_page_of_a_submitted_case_says_so(pages: Pages) -> None:
    pages.cases.refuse["draft"] = CaseNotDraft()
    response = pages.signed_in().get(BASIC)
    assert response.status_code == 409
    assert "这份申请已经提交" in response.text


def test_papers_that_no_department_gave_are_asked_for(pages: Pages) -> None:
    wanted = MaterialView("guard_doc", "materials.guard_doc", "监护关系证明", "civil.guardian", "wanted")
    pages.cases.draft_view = a_draft(is_complete=True, materials=(wanted,))
    visitor = pages.signed_in()
    assert (
        visitor.post(f"/cases/{CASE}/form/delivery", {"delivery.way": "pickup"}).location == f"/cases/{CASE}/materials"
    )
    refused = visitor.post(f"/cases/{CASE}/materials")
    assert refused.status_code == 422
    assert "请上传监护关系证明" in refused.text
    sent = {"materials.guard_doc": photo("证明.png")}
    assert visitor.post(f"/cases/{CASE}/materials", sent, content_type="multipart/form-data").location == CHECK
    assert pages.cases.called("save_page")[-1] == {"page": "materials", "raw": {"materials.guard_doc": str(FILE)}}


def test_the_check_shows_every_answer_with_a_way_to_change_it(pages: Pages) -> None:
    pages.cases.draft_view = a_draft(is_complete=True)
    html = pages.signed_in().get(CHECK).text
    assert "听力残疾" in html
    assert f'href="{BASIC}?then=check#f-claim-kind"' in html
    assert 'name="act" value="submit"' in html


def test_submitting_carries_the_key_of_the_page(pages: Pages) -> None:
    pages.cases.draft_view = a_draft(is_complete=True)
    visitor = pages.signed_in()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', visitor.get(CHECK).text)[1]
    for _ in range(2):
        assert visitor.post(CHECK, {"key": key}).location == f"/cases/{CASE}/receipt"
    assert [call["key"] for call in pages.cases.called("submit")] == [key, key]


def test_a_second_press_does_not_trip_over_the_submitted_draft(pages: Pages) -> None:
    pages.cases.refuse["draft"] = CaseNotDraft()
    assert pages.signed_in().post(CHECK, {"key": "k" * 32}).location == f"/cases/{CASE}/receipt"


def test_what_is_missing_is_told_and_linked_on_the_check(pages: Pages) -> None:
    pages.cases.refuse["submit"] = InvalidFields([ValueRefused(Fault.MISSING, field="claim.kind")])
    response = pages.signed_in().post(CHECK, {"key": "k" * 32})
    assert response.status_code == 422
    assert '<a href="#f-claim-kind">请选择申报的残疾类别</a>' in response.text
    assert 'id="f-claim-kind"' in response.text


def test_a_condition_that_may_not_hold_can_be_insisted_on(pages: Pages) -> None:
    condition = ConditionView("本省户籍", "残疾人证管理办法", holds=False)
    pages.cases.draft_view = a_draft(is_complete=True, conditions=(condition,))
    pages.cases.refuse["submit"] = ConditionUnmet(("本省户籍",))
    visitor = pages.signed_in()
    response = visitor.post(CHECK, {"key": "k" * 32})
    assert response.status_code == 422
    assert "可能不符合这个条件：本省户籍" in response.text
    assert 'name="insist" value="1"' in response.text
    pages.cases.refuse.clear()
    visitor.post(CHECK, {"key": "k" * 32, "insist": "1"})
    assert pages.cases.called("submit")[-1]["insist"] is True


def test_a_draft_can_be_deleted_after_one_question(pages: Pages) -> None:
    visitor = pages.signed_in()
    visitor.get(f"/cases/{CASE}/discard")
    assert pages.cases.called("discard") == []
    assert visitor.post(f"/cases/{CASE}/discard", {"act": "discard"}).location == "/"
    assert len(pages.cases.called("discard")) == 1
