"""Whatever is out of order: a page says what happened, what is kept and what to do, in both languages, and when."""

import pytest
from psycopg.errors import DiskFull, OperationalError, ReadOnlySqlTransaction

from gov_portal.kernel.files import StoreFull
from tests.factories.pages import CASE, Pages

LETTERS = f"/cases/{CASE}/letters"
LETTER = {"text": "请问何时办好？", "key": "k1"}
KEPT = {"zh": "已经保存的内容都在", "en": "saved is"}
OUTAGES = {
    "database away": (OperationalError(), "2", {"zh": "可能没有收到", "en": "may not have arrived"}),
    "read-only": (ReadOnlySqlTransaction(), "30", {"zh": "可以查看，暂时不能提交", "en": "look at everything"}),
    "disk full": (DiskFull(), "30", {"zh": "存不下新的内容", "en": "no room for anything new"}),
    "no room for files": (StoreFull(seconds=300), "300", {"zh": "存不下新的文件", "en": "no room for new files"}),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", OUTAGES)
def test_a_form_that_meets_an_outage_is_told_why_and_can_be_sent_again(pages: Pages, name: str, language: str) -> None:
    error, seconds, says = OUTAGES[name]
    visitor = pages.signed_in()
    visitor.client.set_cookie("gov_language", language)
    pages.correspondence.refuse["write"] = error
    answer = visitor.post(LETTERS, LETTER, form=LETTERS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, seconds)
    assert says[language] in answer.text
    assert KEPT[language] in answer.text
    assert {"zh": "再提交一次", "en": "Send it again"}[language] in answer.text
    assert 'value="请问何时办好？"' in answer.text
    assert 'name="csrf_token"' in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_without_a_database_says_so_and_comes_back_by_itself(
    pages: Pages, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    visitor = pages.signed_in()
    visitor.client.set_cookie("gov_language", language)
    monkeypatch.setattr(pages.identity, "session", away)
    # The sandbox asks the database for its time of day as well, which every page shows.
    monkeypatch.setattr(type(pages.app.extensions["gov_portal.services"].clock), "now", away)
    answer = visitor.client.get("/cases")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert 4 <= int(answer.headers["Refresh"]) <= 9
    assert {"zh": "系统暂时不能使用", "en": "not available for the moment"}[language] in answer.text
    assert KEPT[language] in answer.text


def test_a_password_is_never_given_back(pages: Pages) -> None:
    visitor = pages.visitor()
    pages.identity.refuse["start_sign_in"] = OperationalError()
    answer = visitor.post("/sign-in", {"login": "12000000001", "password": "geheim-470000"}, form="/sign-in")
    assert answer.status_code == 503
    assert "geheim-470000" not in answer.text
    assert "请用浏览器返回刚才的页面" in answer.text
