"""A page is kept while it is filled: the script's calls get short answers, in words where something is wrong."""

import io
import re
from dataclasses import replace

import pytest

from gov_portal.kernel.files import FileTypeRefused
from tests.factories.pages import CASE, FILE, PNG, Pages
from tests.factories.views import a_draft
from workflows.engine.refusals import CaseNotDraft
from workflows.services.errors import PageMoved
from workflows.views import MaterialView

PAGE = f"/cases/{CASE}/form/basic"
KEEP = f"{PAGE}/keep"
JSON = {"Accept": "application/json"}
HALF = {"claim.kind": "", "claim.cause": " 幼年", "mark": "m"}


def with_typed(**typed: object):
    draft = a_draft()
    first, *others = draft.pages
    return replace(draft, pages=(replace(first, typed={k.replace("__", "."): v for k, v in typed.items()}), *others))


def test_half_an_answer_is_kept_and_the_time_is_told(pages: Pages) -> None:
    response = pages.signed_in().post(KEEP, HALF, headers=JSON)
    assert response.status_code == 200
    assert response.json == {"saved": "09:00", "mark": "m+", "files": {"applicant.photo": ""}, "faults": {}}
    (kept,) = pages.cases.called("keep_typed")
    assert (kept["page"], kept["mark"]) == ("basic", "m")
    assert kept["raw"]["claim.cause"] == " 幼年"
    assert pages.cases.called("save_page") == []


def test_what_was_kept_stands_in_its_inputs_again(pages: Pages) -> None:
    pages.cases.draft_view = with_typed(claim__cause="半句", claim__homebound="true")
    html = pages.signed_in().get(PAGE).text
    assert "半句</textarea>" in html
    assert re.search(r'name="claim.homebound" value="true"[^>]* checked', html)
    assert "上次填到一半的内容放回来了" in html


def test_the_check_says_what_was_changed_and_not_saved(pages: Pages) -> None:
    pages.cases.draft_view = with_typed(claim__cause="半句")
    assert pages.signed_in().get(f"/cases/{CASE}/check").text.count("改过，还没有保存") == 1


def test_a_photo_is_stored_at_once_and_a_bad_one_is_told(pages: Pages) -> None:
    visitor = pages.signed_in()
    photo = {"applicant.photo": (io.BytesIO(PNG), "我.png")}
    response = visitor.post(KEEP, {**HALF, **photo}, headers=JSON, content_type="multipart/form-data")
    assert response.json["files"] == {"applicant.photo": str(FILE)}
    pages.cases.refuse["attach"] = FileTypeRefused()
    photo = {"applicant.photo": (io.BytesIO(PNG), "我.png")}
    response = visitor.post(KEEP, {**HALF, **photo}, headers=JSON, content_type="multipart/form-data")
    assert response.status_code == 200
    assert "只能上传" in response.json["faults"]["applicant.photo"]


def test_papers_are_kept_at_once(pages: Pages) -> None:
    wanted = MaterialView("guard_doc", "materials.guard_doc", "监护关系证明", "civil.guardian", "wanted")
    pages.cases.draft_view = a_draft(is_complete=True, materials=(wanted,))
    paper = {"materials.guard_doc": (io.BytesIO(PNG), "证明.png")}
    keep = f"/cases/{CASE}/materials/keep"
    response = pages.signed_in().post(keep, paper, headers=JSON, content_type="multipart/form-data")
    assert response.json["files"] == {"materials.guard_doc": str(FILE)}
    assert pages.cases.called("save_page") == [{"page": "materials", "raw": {"materials.guard_doc": str(FILE)}}]


@pytest.mark.parametrize(("refusal", "status"), [(PageMoved(), 409), (CaseNotDraft(), 409)], ids=["moved", "submitted"])
def test_a_page_that_cannot_be_kept_is_told_in_words(pages: Pages, refusal: Exception, status: int) -> None:
    pages.cases.refuse["keep_typed"] = refusal
    response = pages.signed_in().post(KEEP, HALF, headers=JSON)
    assert response.status_code == status
    assert response.json["code"] == refusal.code
    assert response.json["detail"]


def test_whoever_is_signed_out_is_told_so(pages: Pages) -> None:
    visitor = pages.visitor()
    assert visitor.post(KEEP, HALF, headers=JSON).json["code"] == "sign-in-needed"
    assert pages.signed_in().client.post(KEEP, data=HALF, headers=JSON).json["code"] == "csrf"


def test_the_button_of_an_older_window_asks_first_and_loses_nothing(pages: Pages) -> None:
    pages.cases.refuse["save_page"] = PageMoved()
    response = pages.signed_in().post(PAGE, {**HALF, "claim.cause": "旧窗口填的"})
    assert response.status_code == 422
    assert "在别的窗口或设备上改过" in response.text
    assert "旧窗口填的</textarea>" in response.text
    assert pages.cases.called("save_page")[0]["mark"] == "m"


def test_a_page_that_does_not_exist_is_not_kept(pages: Pages) -> None:
    assert pages.signed_in().post(f"/cases/{CASE}/form/nonsense/keep", HALF, headers=JSON).status_code == 404
