"""Home, guide, account, ratings: what people see outside their cases, and what bad input comes to."""

import pytest

from gov_portal.kernel.principal import Citizen
from identity.domain.errors import RecoveryRefused
from tests.factories.citizen import RATING, an_answered_rating
from tests.factories.pages import CASE, CODE, WARD, Pages
from tests.factories.views import a_granted_case
from workflows.domain.ratings import RatingForm, RatingLevel, RatingReason
from workflows.services.ratings import CaseRatings, ItemFigures, RatingClosed

RATE = f"/cases/{CASE}/rating"


@pytest.mark.parametrize("query", ["残疾证", "听不见", "轮椅"])
def test_the_search_finds_by_peoples_words_with_one_sentence(pages: Pages, query: str) -> None:
    page = pages.visitor().get(f"/?q={query}").text
    assert "找到 1 个事项" in page
    assert "受理后15个工作日内办结，发给残疾人证" in page


def test_a_search_for_what_is_not_there_says_what_to_do(pages: Pages) -> None:
    assert "没有找到" in pages.visitor().get("/?q=护照").text
    assert pages.visitor().get("/?q=" + "长" * 3000).status_code == 200


def test_a_life_event_without_items_says_so(pages: Pages) -> None:
    assert "还没有上线" in pages.visitor().get("/?event=birth").text
    assert "残疾人证首次申办" in pages.visitor().get("/?event=support").text
    assert "常办" in pages.visitor().get("/?event=nothing").text


def test_the_guide_says_every_end_and_what_has_become_less(pages: Pages) -> None:
    page = pages.visitor().get("/items/cdpf.disability-card.first").text
    for words in ("也可能这样结束", "不予批准", "已撤回", "比以前省了多少", "大家常问", "到窗口办"):
        assert words in page


def test_figures_of_too_few_are_not_in_the_guide(pages: Pages) -> None:
    # With a place, for a page that is kept shows the figures of when it was made.
    address = "/items/cdpf.disability-card.first?region=470000"
    assert "件办结" not in pages.visitor().get(address).text
    pages.ratings.item_figures = ItemFigures(48, 12)
    assert "已有 48 件办结，一半在 12 天以内" in pages.visitor().get(address).text


@pytest.mark.parametrize("path", ["/help", "/about", "/privacy", "/accessibility", "/ratings", "/forgotten"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_is_open_to_everybody_in_both_languages(pages: Pages, path: str, language: str) -> None:
    visitor = pages.visitor()
    visitor.get(f"/language?to={language}&back=/")
    assert visitor.get(path).status_code == 200


def test_a_guardian_reads_the_full_name_of_their_ward_and_goes_back_to_themselves(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert "林小满" in visitor.get("/account").text
    visitor.post("/account/acting", {"for_whom": str(WARD), "next": "/account"})
    assert "您正在替 林小满 办事" in visitor.get("/account").text
    visitor.post("/account/acting", {"for_whom": "self", "next": "/account"})
    holder = pages.identity.holders["citizen"]
    assert isinstance(holder, Citizen)
    assert holder.acting_for is None


def test_the_password_is_changed_with_the_present_one_and_never_shown_again(pages: Pages) -> None:
    visitor = pages.signed_in()
    refused = visitor.post("/account/password", {"current": "wrong", "password": "seven blue lanterns"})
    assert refused.status_code == 422
    assert "现在的密码不对" in refused.text
    assert "seven blue lanterns" not in refused.text
    done = visitor.post("/account/password", {"current": "right", "password": "seven blue lanterns"})
    assert (done.status_code, done.location) == (303, "/account/settings")


def test_a_forgotten_password_opens_a_session_after_the_code(pages: Pages) -> None:
    visitor = pages.visitor()
    form = {"name": "林晓禾", "id_no": "470101198005010124", "phone": "12000000001", "password": "seven blue lanterns"}
    assert visitor.post("/forgotten", form, form="/forgotten").location == "/forgotten/code"
    done = visitor.post("/forgotten/code", {"code": CODE})
    assert (done.status_code, done.location) == (303, "/")
    assert visitor.get("/account").status_code == 200


def test_a_refused_recovery_says_no_more_than_that(pages: Pages) -> None:
    visitor = pages.visitor()
    form = {"name": "林晓禾", "id_no": "470101198005010124", "phone": "12000000001", "password": "seven blue lanterns"}
    visitor.post("/forgotten", form, form="/forgotten")
    pages.identity.refuse["confirm"] = RecoveryRefused()
    response = visitor.post("/forgotten/code", {"code": CODE})
    assert response.status_code == 422
    assert "没有改密码" in response.text


def test_an_empty_recovery_names_every_field(pages: Pages) -> None:
    response = pages.visitor().post("/forgotten", {}, form="/forgotten")
    assert response.status_code == 422
    assert 'data-faults="4"' in response.text


def test_an_address_is_added_after_its_code_and_removed(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert visitor.post("/account/email", {"email": "new@example.com"}).location == "/account/email/code"
    assert visitor.post("/account/email/code", {"code": "000000"}).status_code == 422
    assert visitor.post("/account/email/code", {"code": CODE}).location == "/account/settings"
    assert "new@example.com" in visitor.get("/account/settings").text
    visitor.post("/account/email/remove")
    assert "没有登记" in visitor.get("/account/settings").text


def test_the_book_of_data_uses_tells_refused_attempts_too(pages: Pages) -> None:
    page = pages.signed_in().get("/account/data").text
    for words in ("读取：出生日期、户籍所在地", "只核对是否一致", "平台拒绝了", "用途没有得到授权"):
        assert words in page


def test_a_closed_case_offers_a_rating_which_is_kept_once_per_key(pages: Pages) -> None:
    pages.cases.case_view = a_granted_case()
    visitor = pages.signed_in()
    assert RATE in visitor.get(f"/cases/{CASE}").text
    form = {"level": "dissatisfied", "reasons": ["speed", "nonsense"], "text": " 太慢 ", "key": "k"}
    done = visitor.post(RATE, form)
    assert (done.status_code, done.location) == (303, f"/cases/{CASE}")
    (call,) = pages.ratings.called("rate")
    assert call == {"form": RatingForm(RatingLevel.DISSATISFIED, (RatingReason.SPEED,), "太慢"), "key": "k"}


@pytest.mark.parametrize("form", [{}, {"level": "6"}, {"level": "satisfied", "text": "长" * 1001}])
def test_a_rating_without_level_or_too_long_is_asked_again_with_what_was_typed(pages: Pages, form: dict) -> None:
    response = pages.signed_in().post(RATE, {**form, "key": "k"})
    assert response.status_code == 422
    assert pages.ratings.called("rate") == []


def test_a_case_that_cannot_be_rated_has_no_form(pages: Pages) -> None:
    pages.ratings.standing = CaseRatings(may_rate=False, is_last=True)
    assert pages.signed_in().get(RATE).status_code == 409
    pages.ratings.refuse["rate"] = RatingClosed()
    assert pages.signed_in().post(RATE, {"level": "fair", "key": "k"}).status_code == 409


def test_the_answer_stands_on_the_page_of_the_case(pages: Pages) -> None:
    pages.cases.case_view = a_granted_case()
    pages.ratings.standing = CaseRatings(may_rate=True, is_last=True, ratings=(an_answered_rating(),))
    page = pages.signed_in().get(f"/cases/{CASE}").text
    assert "已经增加了一名审核人员" in page
    assert "再评价一次" in page


def test_public_figures_keep_few_ratings_back(pages: Pages) -> None:
    page = pages.visitor().get("/ratings").text
    assert "不到 5" in page
    assert "4.4" in page


def test_the_desk_shows_overdue_ratings_first_and_no_name(pages: Pages) -> None:
    visitor = pages.signed_in("leader")
    page = visitor.get("/officer/ratings").text
    assert "1 条已超过期限" in page
    assert "林晓禾" not in page + visitor.get(f"/officer/ratings/{RATING}").text


def test_an_officer_notes_the_contact_and_answers(pages: Pages) -> None:
    visitor = pages.signed_in("leader")
    assert visitor.post(f"/officer/ratings/{RATING}/contact").location == f"/officer/ratings/{RATING}"
    assert visitor.post(f"/officer/ratings/{RATING}", {"text": " "}).status_code == 422
    assert visitor.post(f"/officer/ratings/{RATING}", {"text": "已改进。"}).location == "/officer/ratings"
    assert pages.ratings.called("answer") == [{"rating": RATING, "text": "已改进。"}]
    assert visitor.get(f"/officer/ratings/{CASE}").status_code == 404
