"""The wallet: what a person holds, in force first, and each licence with its PDF."""

from tests.acceptance.screens import arranged
from tests.acceptance.stops.showing import STOPS as SHOWING
from tests.acceptance.stops.wallet import STOPS
from tests.factories.pages import Pages

HELD = STOPS["held licence"].path


def test_a_licence_in_force_leads_to_its_page_and_its_pdf(pages: Pages) -> None:
    assert f'href="{HELD}"' in pages.signed_in().get("/wallet").text
    page = pages.signed_in().get(HELD)
    assert f'href="{HELD}/licence.pdf"' in page.text
    pdf = pages.signed_in().get(f"{HELD}/licence.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")


def test_licences_that_have_ended_stand_apart(pages: Pages) -> None:
    with arranged(pages, STOPS["wallet of ended licences"]):
        html = pages.signed_in().get("/wallet").text
    assert "现在没有有效的证照" in html
    assert html.index("已经失效的") < html.index("已作废") < html.index("已过期")


def test_an_empty_wallet_says_how_licences_get_there(pages: Pages) -> None:
    with arranged(pages, STOPS["empty wallet"]):
        assert "办成的证照会自动放在这里" in pages.signed_in().get("/wallet").text


def test_the_home_page_counts_what_is_held(pages: Pages) -> None:
    assert "我的证照 1" in pages.signed_in().get("/").text


def test_a_licence_says_when_it_was_shown_but_not_to_whom(pages: Pages) -> None:
    html = pages.signed_in().get(HELD).text
    assert f'href="{HELD}/present"' in html
    assert "09:00:08 被核验" in html
    assert "同一个码核验了 2 次" in html


def test_showing_gives_a_code_that_no_address_of_the_page_holds(pages: Pages) -> None:
    page = pages.signed_in().get(f"{HELD}/present")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "这个码到 09:01:00 为止有效" in page.text
    assert "/verify/shown/" not in page.text


def test_a_licence_that_is_not_in_force_cannot_be_shown(pages: Pages) -> None:
    with arranged(pages, SHOWING["show a licence that has ended"]):
        page = pages.signed_in().get(f"{HELD}/present")
    assert page.status_code == 409
    assert "已经失效" in page.text
