"""A party follows their part of a case and takes their turn, without a script."""

from datetime import UTC, datetime

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.types import Fault, ValueRefused
from tests.factories.pages import CASE, Pages
from tests.factories.views import ITEM, NAME, NUMBER, an_involvement
from workflows.domain.state import Status
from workflows.views import InvolvedCase

PART = f"/cases/{CASE}/part"
ANSWER = {"task": "answer.1", "act": "answer", "key": "k", "claim.cause": "已经发放"}


def test_the_page_shows_what_is_theirs_and_what_is_asked(pages: Pages) -> None:
    html = pages.signed_in().get(PART).text
    assert "您是这件办件的被申请人。" in html
    assert 'data-turn="answer"' in html
    assert 'data-document="应诉通知书"' in html
    assert "最后一天是" in html
    assert 'name="claim.cause"' in html


def test_an_answer_is_handed_in_once(pages: Pages) -> None:
    response = pages.signed_in().post(PART, data=ANSWER)
    assert response.location == PART
    assert pages.cases.called("take_turn") == [
        {"task": "answer.1", "act": "answer", "fields": {"claim.cause": "已经发放"}, "key": "k"}
    ]


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(pages: Pages) -> None:
    pages.cases.refuse["take_turn"] = InvalidFields([ValueRefused(Fault.MISSING, field="claim.cause")])
    response = pages.signed_in().post(PART, data=ANSWER)
    assert response.status_code == 422
    assert "已经发放" in response.text
    assert 'class="field wrong"' in response.text


def test_a_closed_case_says_how_it_ended_and_offers_the_appeal(pages: Pages) -> None:
    closed = an_involvement(status=Status.CLOSED, outcome="支持请求", turn=None, may_appeal=True)
    pages.cases.involved_view = closed
    html = pages.signed_in().get(PART).text
    assert "结果：支持请求" in html
    response = pages.signed_in().post(f"{PART}/appeal", data={"reason": "证据没有看"})
    assert response.status_code == 303
    assert pages.cases.called("appeal") == [{"reason": "证据没有看"}]


def test_the_list_of_cases_leads_there(pages: Pages) -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    pages.cases.involved = (InvolvedCase(CASE, NUMBER, ITEM, NAME, "被申请人", Status.OPEN, True, at),)
    html = pages.signed_in().get("/cases").text
    assert f'href="{PART}"' in html
    assert "请您办理" in html
