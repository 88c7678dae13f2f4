"""Annotated copies: three questions, one copy for one press, and a clear answer to whoever verifies it."""

import pytest

from gov_portal.licences.domain import CopyStatus
from tests.acceptance.screens import arranged
from tests.acceptance.stops.showing import STOPS
from tests.factories.pages import Pages
from tests.factories.showing import COPY, InMemoryCopies, a_copy

NEW = STOPS["new annotated copy"].path
LIST = STOPS["annotated copies"].path
FILLED = {
    "recipient": "样例市公共交通公司",
    "purpose": "公共交通优惠登记",
    "valid_until.year": "2026",
    "valid_until.month": "6",
    "valid_until.day": "30",
    "key": "k1",
}
API = LIST.replace("/wallet/", "/api/v1/licences/")
BEARER = {"Authorization": "Bearer citizen"}


def copies_of(pages: Pages) -> InMemoryCopies:
    found: InMemoryCopies = pages.app.extensions["gov_portal.services"].copies
    return found


def test_a_copy_is_made_for_one_recipient_and_purpose(pages: Pages) -> None:
    visitor = pages.signed_in()
    page = visitor.post(NEW, FILLED, form=NEW)
    assert (page.status_code, page.location) == (303, LIST)
    ((key, terms),) = copies_of(pages).ordered
    assert (key, terms.recipient, terms.purpose) == ("k1", FILLED["recipient"], FILLED["purpose"])
    assert terms.valid_until.isoformat() == "2026-06-30"
    assert "加注件做好了" in visitor.get(LIST).text


@pytest.mark.parametrize(
    ("changes", "words", "anchor"),
    [
        ({"recipient": " "}, "请填写交给谁", "f-recipient"),
        ({"purpose": "长" * 31}, "办什么事：最多填写30个字", "f-purpose"),
        ({"valid_until.day": "31"}, "有效期至：没有这一天", "f-valid-until"),
        ({"valid_until.year": "2027"}, "有效期至：日期应在 2026-03-02 到 2026-09-02 之间", "f-valid-until"),
        ({"valid_until.year": "", "valid_until.month": "", "valid_until.day": ""}, "请填写有效期至", "f-valid-until"),
    ],
    ids=["no recipient", "long purpose", "no such day", "too far", "no date"],
)
def test_what_is_wrong_is_said_at_its_question_and_nothing_typed_is_lost(
    pages: Pages, changes: dict[str, str], words: str, anchor: str
) -> None:
    page = pages.signed_in().post(NEW, FILLED | changes, form=NEW)
    assert page.status_code == 422
    assert words in page.text
    assert f'href="#{anchor}"' in page.text
    for name in {"recipient", "purpose"} - changes.keys():
        assert f'value="{FILLED[name]}"' in page.text
    assert 'name="key" value="k1"' in page.text
    assert copies_of(pages).ordered == []


def test_too_many_copies_are_said_in_the_form(pages: Pages) -> None:
    with arranged(pages, STOPS["one annotated copy too many"]):
        page = pages.signed_in().post(NEW, FILLED, form=NEW)
    assert page.status_code == 422
    assert "已有 20 份有效的加注件" in page.text


def test_only_a_copy_in_force_can_be_opened_and_withdrawn(pages: Pages) -> None:
    html = pages.signed_in().get(LIST).text
    assert html.count("/copy.pdf") == html.count("/withdraw") == 1
    assert pages.signed_in().get(f"{LIST}/{COPY}/copy.pdf").mimetype == "application/pdf"


def test_withdrawing_asks_first(pages: Pages) -> None:
    visitor = pages.signed_in()
    path = STOPS["withdraw an annotated copy"].path
    assert "要撤回这份加注件吗" in visitor.get(path).text
    assert copies_of(pages).withdrawn == []
    assert visitor.post(path).location == LIST
    assert copies_of(pages).withdrawn == [COPY]


def test_what_has_ended_is_not_asked_about(pages: Pages) -> None:
    copies_of(pages).made = (a_copy(status=CopyStatus.EXPIRED),)
    assert pages.signed_in().get(STOPS["withdraw an annotated copy"].path).status_code == 409


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("verified copy", ["<h1>有效</h1>", "它只能用在下面写明的地方"]),
        ("verified copy that was withdrawn", ["<h1>已撤回</h1>", "持证人已经撤回"]),
        ("verified copy of a revoked licence", ["<h1>已撤销</h1>", "已经撤销"]),
    ],
)
def test_whoever_verifies_a_copy_learns_for_what_and_whom(pages: Pages, name: str, words: list[str]) -> None:
    with arranged(pages, STOPS[name]):
        page = pages.visitor().get(STOPS[name].path)
    for expected in (*words, "加注件（只能用在写明的地方）", "样例市公共交通公司", "公共交通优惠登记", "2026年6月30日"):
        assert expected in page.text


def test_a_program_makes_lists_and_withdraws_copies(pages: Pages) -> None:
    client = pages.app.test_client()
    body = {"recipient": "样例市公共交通公司", "purpose": "公共交通优惠登记", "valid_until": "2026-06-30"}
    made = client.post(API, json=body, headers={**BEARER, "Idempotency-Key": "once"})
    assert (made.status_code, made.json["status"]) == (201, "valid")
    assert client.get(made.location, headers=BEARER).json == made.json
    assert client.get(f"{made.location}/pdf", headers=BEARER).mimetype == "application/pdf"
    assert [one["status"] for one in client.get(API, headers=BEARER).json["items"]] == ["valid", "withdrawn", "expired"]
    assert client.delete(made.location, headers=BEARER).status_code == 204
    assert copies_of(pages).withdrawn == [COPY]


def test_a_program_is_told_what_is_wrong(pages: Pages) -> None:
    client, body = pages.app.test_client(), {"recipient": "甲", "purpose": "乙", "valid_until": "2030-01-01"}
    refused = client.post(API, json=body, headers=BEARER)
    assert refused.status_code == 422
    assert "valid_until" in refused.text


def test_a_program_that_verifies_a_copy_learns_the_same(pages: Pages) -> None:
    with arranged(pages, STOPS["verified copy"]):
        found = pages.app.test_client().get("/api/v1/verifications/copy").json
    assert found["copy"] == {
        "purpose": "公共交通优惠登记",
        "recipient": "样例市公共交通公司",
        "made_on": "2026-03-02",
        "valid_until": "2026-06-30",
        "status": "valid",
        "licence_status": "valid",
    }
    assert pages.app.test_client().get("/api/v1/verifications/valid").json["copy"] is None
