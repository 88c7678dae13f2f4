"""The guide goes along as a paper in the reader's language."""

from flask import Flask

from gov_portal.web.base.services import Services, services
from gov_portal.web.citizen.guide import facts_of
from tests.factories.cases import item_from
from tests.factories.pages import CASE, Pages

PAPER = "/items/cdpf.disability-card.first/guide.pdf"


def held(app: Flask) -> Services:
    with app.app_context():
        return services()


def test_anybody_may_take_the_guide_along(pages: Pages) -> None:
    visitor = pages.visitor()
    assert f'href="{PAPER}"' in visitor.get("/items/cdpf.disability-card.first").text
    response = visitor.get(PAPER)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    (paper,) = held(pages.app).guide_papers.made
    facts = dict(paper.facts)
    assert facts["条件"] == ("本省户籍（残疾人证管理办法）",)
    assert any("出生日期至今的周年数小于 18" in line for line in facts["材料"])
    assert facts["事项编码"] == ("472100002000",)
    assert [heading for heading, _ in paper.sections] == ["怎么办", "也可能这样结束", "到窗口办", "大家常问"]


def test_the_guide_is_in_english_for_who_reads_english(pages: Pages) -> None:
    client = pages.app.test_client()
    client.set_cookie("gov_language", "en")
    assert client.get(PAPER).status_code == 200
    (paper,) = held(pages.app).guide_papers.made
    assert paper.title == "First disability card"


def test_the_guide_of_a_renewal_says_when_to_apply_and_what_silence_is(pages: Pages) -> None:
    with pages.app.test_request_context():
        facts = {fact.name: fact.lines for fact in facts_of(item_from("law/renewal.yaml"))}
    assert facts["延续"] == (
        "有效期届满前90日起可以申请",
        "届满30日以前申请的，到期没有作出决定，依法视为准予延续",
    )


def test_an_unknown_item_has_no_guide(pages: Pages) -> None:
    assert pages.visitor().get("/items/no-such-item/guide.pdf").status_code == 404


def test_a_case_is_drawn_with_its_present_step_marked_for_its_own_applicant(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert f'src="/cases/{CASE}/flow.svg"' in visitor.get(f"/cases/{CASE}").text
    response = visitor.get(f"/cases/{CASE}/flow.svg")
    assert response.mimetype == "image/svg+xml"
    assert 'data-step="review" data-state="current"' in response.text
    assert 'data-step="apply" data-state="done"' in response.text
    assert pages.visitor().get(f"/cases/{CASE}/flow.svg").status_code in (302, 303)
