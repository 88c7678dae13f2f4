"""An officer of the hall identifies a person by their card and enters, asks and hands in for them; nobody else does."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from gov_portal.kernel.principal import Citizen
from identity.domain.errors import TooManyAttempts, VisitUnproven
from identity.domain.values import VisitPurpose
from tests.factories.counter import (
    CARD,
    ELDER,
    GRANDCHILD,
    HALL,
    HALL_OFFICER,
    TELLING,
    VISIT,
    a_telling,
    a_visit,
    an_unsent,
)
from tests.factories.letters import a_conversation
from tests.factories.pages import CASE, FILE, Pages, Visitor
from tests.factories.views import NUMBER, a_case, a_case_row, a_denied_case, a_draft, a_granted_case, a_supplement, at
from workflows.domain.counter import AtCounter, Consent, Way
from workflows.domain.state import Status
from workflows.views import TimelineEntry

DESK = "/officer/counter"
HERE = f"{DESK}/visits/{VISIT}"
ENTRY = f"{HERE}/cases/{CASE}"
ITEM = f"{HERE}/items/cdpf.disability-card.first"
ANSWERS = {"claim.kind": "hearing", "claim.cause": "幼年高烧", "claim.homebound": "false"}
ENTERED = AtCounter("东样区街道政务服务窗口", Consent.SIGNED, at(2))


@pytest.fixture
def hall(pages: Pages) -> Visitor:
    """The browser of the officer at the counter."""
    return pages.signed_in("counter")


def post(visitor: Visitor, path: str, data: dict | None = None, **more):
    return visitor.post(path, data, form=f"{DESK}/identify", **more)


def identify(visitor: Visitor, **changes: str):
    return post(visitor, f"{DESK}/identify", {**CARD, **changes})


def agree(visitor: Visitor) -> None:
    post(visitor, ITEM, {"consent": "oral", "act": "begin"})


def test_the_desk_leads_to_the_counter_only_who_has_the_post(pages: Pages, hall: Visitor) -> None:
    assert f'href="{DESK}"' in hall.get("/officer").text
    assert f'href="{DESK}"' not in pages.signed_in("window").get("/officer").text
    assert pages.signed_in("window").get(DESK).status_code == 403
    assert pages.signed_in().get(DESK).status_code == 403


def test_whoever_is_not_signed_in_comes_to_the_officers_door(pages: Pages) -> None:
    assert pages.visitor().get(DESK).location.startswith("/officer/sign-in?next=/officer/counter")


def test_a_person_is_identified_by_name_number_and_the_card_itself(pages: Pages, hall: Visitor) -> None:
    pages.identity.counter.open = []
    assert identify(hall).location == HERE
    (form,) = pages.identity.counter.forms
    assert (form.is_card_seen, form.purpose) == (True, VisitPurpose.ENTRY)
    html = hall.get(HERE).text
    assert "周奶奶" in html
    assert "470101********0129" in html
    assert CARD["id_no"] not in html


def test_a_guardian_comes_for_a_ward(pages: Pages, hall: Visitor) -> None:
    identify(hall, ward_name="林小满", ward_id_no="470101201406010234")
    agree(hall)
    (begun,) = pages.cases.called("begin")
    assert begun["by"] == Citizen(ELDER, ial=5, aal=2, acting_for=GRANDCHILD, hand=HALL_OFFICER)
    assert "正在替 林小满 代录，监护人 周奶奶" in hall.get(ITEM).text


def test_every_fault_of_the_card_is_told_at_its_input_and_nothing_typed_is_lost(pages: Pages, hall: Visitor) -> None:
    response = post(hall, f"{DESK}/identify", {"name": "周奶奶", "id_no": "4701011940", "ward_name": "林小满"})
    assert response.status_code == 422
    for field in ("id-no", "card", "purpose", "ward-id-no"):
        assert f'<a href="#f-{field}">' in response.text
    assert 'value="4701011940"' in response.text
    assert 'value="林小满"' in response.text
    assert pages.identity.counter.forms == []


@pytest.mark.parametrize(
    "changes",
    [{"name": "周爷爷"}, {"id_no": "470101198005010124"}, {"purpose": "nonsense"}, {"card": "no"}, {"name": "\0"}],
    ids=["another name", "another number", "no such purpose", "card not seen", "a control character"],
)
def test_what_does_not_fit_opens_no_visit(pages: Pages, hall: Visitor, changes: dict[str, str]) -> None:
    pages.identity.counter.open = []
    assert identify(hall, **changes).status_code == 422
    assert pages.identity.counter.open == []


def test_a_refusal_is_the_same_for_a_wrong_name_and_for_a_number_that_nobody_has(hall: Visitor) -> None:
    wrong, nobody = identify(hall, name="周爷爷"), identify(hall, id_no="470101198005010124")
    told = [re.search(r'error-summary".*?</div>', response.text, re.DOTALL)[0] for response in (wrong, nobody)]
    assert told[0] == told[1]
    assert "姓名和身份证号不相符" in told[0]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(VisitUnproven(), "还没有核验"), (TooManyAttempts(seconds=60), "请在60秒后再试")],
    ids=["outage", "too many"],
)
def test_what_may_be_tried_again_keeps_the_form(pages: Pages, hall: Visitor, refusal: Exception, words: str) -> None:
    pages.identity.counter.refuse = refusal
    response = identify(hall)
    assert response.status_code == 422
    assert words in response.text
    assert 'value="周奶奶"' in response.text


def test_a_stranger_is_not_let_act_for_a_child(hall: Visitor) -> None:
    response = identify(hall, ward_name="林大满", ward_id_no="470101201406010234")
    assert '<a href="#f-ward-id-no">民政部门的记录里没有查到这一监护关系' in response.text


def test_open_visits_are_listed_with_what_was_not_sent(pages: Pages, hall: Visitor) -> None:
    pages.counter.drafts = [an_unsent()]
    html = hall.get(DESK).text
    assert f'href="{HERE}"' in html
    assert f'href="{ENTRY}/form"' in html


@pytest.mark.parametrize(
    "path", [HERE, ITEM, f"{ENTRY}/form", f"{ENTRY}/check", f"{ENTRY}/receipt", ENTRY, f"{ENTRY}/letters"]
)
def test_a_visit_that_ended_or_is_a_colleagues_opens_nothing(pages: Pages, hall: Visitor, path: str) -> None:
    pages.identity.counter.open = [a_visit(replace(HALL, officer=uuid4()))]
    for answer in (hall.get(path), hall.get(path.replace(str(VISIT), str(uuid4())))):
        assert answer.status_code == 404
        assert "请申请人再出示一次证件" in answer.text
    assert pages.cases.calls == []


def test_the_end_of_a_visit_closes_it(pages: Pages, hall: Visitor) -> None:
    assert post(hall, f"{HERE}/end", {"act": "end"}).location == DESK
    assert hall.get(HERE).status_code == 404
    assert post(hall, f"{HERE}/end", {"act": "end"}).location == DESK


def test_consent_names_the_departments_that_will_be_asked(hall: Visitor) -> None:
    html = hall.get(ITEM).text
    assert "平台会向公安、民政" in html
    assert "申请人签名" in html


@pytest.mark.parametrize("consent", ["", "nonsense", "\0"])
def test_without_consent_nothing_begins(pages: Pages, hall: Visitor, consent: str) -> None:
    response = post(hall, ITEM, {"consent": consent, "act": "begin"})
    assert response.status_code == 422
    assert '<a href="#f-consent">请选择申请人怎样表示同意' in response.text
    assert pages.cases.called("begin") == []


@pytest.mark.parametrize("page", ["form", "form/basic", "materials", "check", "discard"])
def test_a_draft_opens_only_once_its_applicant_has_agreed_at_this_visit(pages: Pages, hall: Visitor, page: str) -> None:
    assert hall.get(f"{ENTRY}/{page}").status_code == 422
    assert pages.cases.calls == []


def test_a_draft_from_home_goes_on_after_consent(pages: Pages, hall: Visitor) -> None:
    pages.cases.rows = (a_case_row(status=Status.DRAFT, case_number=""),)
    assert f'href="{ITEM}"' in hall.get(HERE).text
    assert "申请人有一份没填完的申请" in hall.get(ITEM).text
    agree(hall)
    assert f'href="{ENTRY}/form"' in hall.get(HERE).text


def test_the_form_is_the_citizens_by_the_officers_hand(pages: Pages, hall: Visitor) -> None:
    agree(hall)
    (begun,) = pages.cases.called("begin")
    assert begun["by"] == Citizen(ELDER, ial=5, aal=2, hand=HALL_OFFICER)
    assert hall.get(f"{ENTRY}/form").location == f"{ENTRY}/form/basic"
    html = hall.get(f"{ENTRY}/form/basic").text
    assert "正在替 周奶奶（470101********0129）代录" in html
    assert 'name="claim.cause"' in html
    assert "已从公安取得" in html
    assert f'href="{HERE}"' in html
    pages.cases.draft_view = a_draft(is_complete=True)
    assert post(hall, f"{ENTRY}/form/basic", ANSWERS).location == f"{ENTRY}/form/delivery"
    assert pages.cases.called("save_page")[0]["raw"] == {**ANSWERS, "applicant.photo": str(FILE)}


def test_no_page_of_an_entry_leads_into_the_citizens_rooms(pages: Pages, hall: Visitor) -> None:
    agree(hall)
    pages.cases.draft_view = a_draft(is_complete=True)
    views = (a_case(counter=ENTERED, supplement=a_supplement()), a_granted_case())
    paths = [HERE, ITEM, *(f"{ENTRY}/{page}" for page in ("form/basic", "materials", "check", "discard", "receipt"))]
    for view in views:
        pages.cases.case_view = view
        for path in [*paths, ENTRY, *([f"{ENTRY}/supplement"] if view.supplement else [])]:
            main = re.search(r"<main.*</main>", hall.get(path).text, re.DOTALL)[0]
            ways = set(re.findall(r'(?:href|action)="(/[^"?#]*)', main))
            assert {way for way in ways if not way.startswith(("/officer", "/verify"))} == set(), path


def test_the_person_confirms_and_the_officer_submits_once(pages: Pages, hall: Visitor) -> None:
    agree(hall)
    pages.cases.draft_view = a_draft(is_complete=True)
    html = hall.get(f"{ENTRY}/check").text
    assert "逐项念给申请人听" in html
    key = re.search(r'name="key" value="([0-9a-f]{32})"', html)[1]
    for _ in range(2):
        assert post(hall, f"{ENTRY}/check", {"key": key}).location == f"{ENTRY}/receipt"
    assert {call["key"] for call in pages.cases.called("submit")} == {key}


def test_the_receipt_is_for_paper_and_says_who_entered_and_how_consent_was_given(pages: Pages, hall: Visitor) -> None:
    pages.cases.case_view = a_case(counter=ENTERED)
    html = hall.get(f"{ENTRY}/receipt").text
    assert NUMBER in html
    assert "2026年3月2日由东样区街道政务服务窗口的工作人员代录，申请人书面同意。" in html
    assert "窗口会打电话或者当面告诉您" in html
    assert "我们会发消息告诉您" not in html


@pytest.mark.parametrize(
    ("holder", "path", "hand"),
    [("citizen", f"/cases/{CASE}", ""), ("leader", f"/officer/cases/{CASE}?read=1", "戚清越")],
)
def test_the_case_says_to_its_applicant_and_to_officers_that_it_was_entered_at_a_counter(
    pages: Pages, holder: str, path: str, hand: str
) -> None:
    entry = TimelineEntry(at(2), "submitted", detail={"hand": hand})
    pages.cases.case_view = a_case(counter=ENTERED, timeline=(entry,))
    html = pages.signed_in(holder).get(path).text
    assert "由东样区街道政务服务窗口的工作人员代录，申请人书面同意。" in html
    assert re.search(rf'data-kind="submitted".*?<p>由窗口工作人员{hand}代录</p>', html, re.DOTALL)


def test_a_case_that_its_applicant_entered_says_nothing_of_a_counter(pages: Pages) -> None:
    assert "代录" not in pages.signed_in().get(f"/cases/{CASE}").text


def test_how_far_cases_are_is_shown_and_a_supplement_is_handed_in(pages: Pages, hall: Visitor) -> None:
    pages.identity.counter.open = [a_visit(purpose=VisitPurpose.SUPPLEMENT)]
    pages.cases.rows = (a_case_row(needs_applicant=True),)
    pages.cases.case_view = a_case(supplement=a_supplement())
    assert "等申请人补正" in hall.get(HERE).text
    assert f'href="{ENTRY}/supplement"' in hall.get(ENTRY).text
    html = hall.get(f"{ENTRY}/supplement").text
    assert "请写明开始的时间和看过的医院" in html
    stored = {"materials.guard_doc.stored": str(FILE), "claim.cause": "1983年高烧后", "key": "k" * 32}
    assert post(hall, f"{ENTRY}/supplement", stored).location == ENTRY
    (returned,) = pages.cases.called("return_supplement")
    assert returned["raw"] == {"claim.cause": "1983年高烧后", "materials.guard_doc": str(FILE)}


def test_the_result_is_printed_for_who_fetches_it(pages: Pages, hall: Visitor) -> None:
    pages.cases.case_view = a_granted_case()
    assert f'href="{ENTRY}/licence.pdf"' in hall.get(ENTRY).text
    assert hall.get(f"{ENTRY}/licence.pdf").mimetype == "application/pdf"


def test_what_must_be_told_is_listed_until_somebody_has_told_it(pages: Pages, hall: Visitor) -> None:
    pages.counter.waiting = [a_telling()]
    assert 'data-waiting="1"' in hall.get(DESK).text
    html = hall.get(f"{DESK}/tellings").text
    assert "需要补正，请带证件来窗口" in html
    assert "周**" in html
    assert '<a href="tel:12000000016">' in html
    assert post(hall, f"{DESK}/tellings/{TELLING}", {"way": "phone"}).location == f"{DESK}/tellings"
    assert pages.counter.told == [(TELLING, Way.PHONE, HALL_OFFICER)]
    assert "没有要告知的事" in hall.get(f"{DESK}/tellings").text


@pytest.mark.parametrize("way", ["", "letter", "\0"])
def test_how_somebody_was_told_must_be_said(pages: Pages, hall: Visitor, way: str) -> None:
    pages.counter.waiting = [a_telling()]
    assert post(hall, f"{DESK}/tellings/{TELLING}", {"way": way}).status_code == 422
    assert pages.counter.told == []


def test_nothing_is_told_twice(hall: Visitor) -> None:
    response = post(hall, f"{DESK}/tellings/{TELLING}", {"way": "counter"})
    assert response.status_code == 404
    assert "已经告知过了" in response.text


def test_a_page_is_kept_while_it_is_filled_for_whoever_has_agreed(pages: Pages, hall: Visitor) -> None:
    kept = {"claim.cause": "noise at w", "mark": "m"}
    assert post(hall, f"{ENTRY}/form/basic/keep", kept).status_code == 422
    agree(hall)
    html = hall.get(f"{ENTRY}/form/basic").text
    assert f'data-keep="{ENTRY}/form/basic/keep"' in html
    assert 'data-door="/officer/sign-in' in html
    assert post(hall, f"{ENTRY}/form/basic/keep", kept).json["mark"] == "m+"
    assert pages.cases.called("keep_typed")[0]["raw"]["claim.cause"] == "noise at w"


def test_letters_are_read_and_written_for_whoever_stands_there(pages: Pages, hall: Visitor) -> None:
    pages.correspondence.seen = a_conversation()
    assert f'action="{ENTRY}/letters"' in hall.get(ENTRY).text
    assert "近期两寸白底彩色照片" in hall.get(f"{ENTRY}/letters").text
    assert pages.correspondence.called("mark_read")[0] == {"first": 1, "last": 3}
    assert post(hall, f"{ENTRY}/letters", {"text": "好的", "key": "k"}).location == f"{ENTRY}#letters"
    assert pages.correspondence.called("write") == [{"text": "好的", "key": "k", "shown": None}]


def test_an_application_is_withdrawn_or_urged_on_for_whoever_stands_there(pages: Pages, hall: Visitor) -> None:
    html = hall.get(ENTRY).text
    assert f'action="{ENTRY}/urge"' in html
    assert f'href="{ENTRY}/withdraw"' in html
    assert post(hall, f"{ENTRY}/urge").location == ENTRY
    assert post(hall, f"{ENTRY}/withdraw", {"reason": "搬家", "key": "k"}).location == ENTRY
    assert pages.cases.called("withdraw") == [{"reason": "搬家", "key": "k"}]


def test_an_appeal_begins_once_the_person_has_agreed(pages: Pages, hall: Visitor) -> None:
    pages.cases.case_view = a_denied_case()
    assert f'href="{ENTRY}/appeal"' in hall.get(ENTRY).text
    refused = post(hall, f"{ENTRY}/appeal", {"reason": "我住在这里"})
    assert refused.status_code == 422
    assert '<a href="#f-consent">请选择申请人怎样表示同意' in refused.text
    assert "我住在这里" in refused.text
    assert pages.cases.called("appeal") == []
    assert post(hall, f"{ENTRY}/appeal", {"reason": "我住在这里", "consent": "oral"}).location == ENTRY
    assert pages.cases.called("appeal") == [{"reason": "我住在这里"}]
    assert hall.get(f"{ENTRY}/form").status_code == 303


def test_the_person_rates_by_themselves_on_the_turned_screen(pages: Pages, hall: Visitor) -> None:
    pages.cases.case_view = a_granted_case()
    assert f'href="{ENTRY}/rating"' in hall.get(ENTRY).text
    assert "不要替申请人打分" in hall.get(f"{ENTRY}/rating").text
    assert post(hall, f"{ENTRY}/rating", {"level": "satisfied", "key": "k"}).location == ENTRY
    assert [call["key"] for call in pages.ratings.called("rate")] == ["k"]


@pytest.mark.parametrize(("page", "kind"), [("receipt.pdf", "application/pdf"), ("flow.svg", "image/svg+xml")])
def test_what_is_printed_for_the_person_is_there(hall: Visitor, page: str, kind: str) -> None:
    assert hall.get(f"{ENTRY}/{page}").mimetype == kind
