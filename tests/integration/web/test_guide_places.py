"""Where regions have versions of their own, one chooses a place on the guide, and everything after it keeps to it."""

from dataclasses import replace

import pytest

from tests.factories.cases import card_item
from tests.factories.pages import Pages
from workflows.domain.definition import Definition, Duration, Unit

GUIDE = "/items/cdpf.disability-card.first"
CITY, OTHER_CITY, COUNTY = "470200", "470100", "470201"


def in_city() -> Definition:
    """Return the card as one city gives it: within twelve days."""
    item = card_item()
    return replace(item, hash="city", facts=replace(item.facts, promised=Duration(12, Unit("wd"))))


@pytest.fixture
def places(pages: Pages) -> Pages:
    pages.cases.by_region = {CITY: in_city()}
    return pages


def test_nobody_is_asked_for_a_place_where_all_are_alike(pages: Pages) -> None:
    assert 'name="region"' not in pages.visitor().get(GUIDE).text


def test_a_place_is_chosen_on_the_guide_and_remembered(places: Pages) -> None:
    visitor = places.visitor()
    page = visitor.get(GUIDE).text
    assert "受理后15个工作日" in page
    assert [f'value="{code}"' in page for code in ("470000", OTHER_CITY, CITY)] == [True, True, True]
    answer = visitor.get(f"{GUIDE}?region={CITY}")
    assert "受理后12个工作日" in answer.text
    assert f'value="{CITY}" selected' in answer.text
    assert visitor.client.get_cookie("gov_region").value == CITY
    assert f'href="{GUIDE}/start?region={CITY}"' in answer.text
    assert "受理后12个工作日" in visitor.get(GUIDE).text
    assert "受理后12个工作日" not in visitor.get(f"{GUIDE}?region={OTHER_CITY}").text


def test_a_county_gets_the_rules_of_its_city(places: Pages) -> None:
    page = places.visitor().get(f"{GUIDE}?region={COUNTY}").text
    assert "受理后12个工作日" in page
    assert f'value="{CITY}" selected' in page


def test_who_is_signed_in_sees_the_rules_of_home_until_they_choose(places: Pages) -> None:
    places.cases.home = COUNTY
    citizen = places.signed_in()
    assert "受理后12个工作日" in citizen.get(GUIDE).text
    assert "受理后15个工作日" in citizen.get(f"{GUIDE}?region={OTHER_CITY}").text
    assert "受理后15个工作日" in citizen.get(GUIDE).text


def test_a_case_begins_where_its_applicant_chose(places: Pages) -> None:
    citizen = places.signed_in()
    page = citizen.get(f"{GUIDE}/start?region={CITY}").text
    assert "例江市" in page
    citizen.get(f"{GUIDE}?region={CITY}")
    assert citizen.post(f"{GUIDE}/start", data={"for_whom": "self", "act": "begin"}).status_code == 303
    assert [one["region"] for one in places.cases.called("begin")] == [CITY]


def test_without_a_choice_the_account_decides(places: Pages) -> None:
    citizen = places.signed_in()
    citizen.post(f"{GUIDE}/start", data={"for_whom": "self", "act": "begin"})
    assert [one["region"] for one in places.cases.called("begin")] == [None]


@pytest.mark.parametrize("address", [GUIDE, f"{GUIDE}/guide.pdf", f"{GUIDE}/may-apply", "/"])
@pytest.mark.parametrize("region", ["999999", "city", "4702", "<b>"])
def test_a_place_that_is_none_is_told(places: Pages, address: str, region: str) -> None:
    answer = places.visitor().get(address, query_string={"region": region})
    assert (answer.status_code, "没有这个区划代码" in answer.text) == (422, True)


def test_a_forgotten_place_in_a_cookie_harms_nobody(places: Pages) -> None:
    visitor = places.visitor()
    visitor.client.set_cookie("gov_region", "999999")
    assert visitor.get(GUIDE).status_code == 200


def test_the_choice_is_offered_in_english(places: Pages) -> None:
    visitor = places.visitor()
    visitor.client.set_cookie("gov_language", "en")
    page = visitor.get(f"{GUIDE}?region={CITY}").text
    assert "Where do you apply?" in page
    assert ">Example River City</option>" in page
    assert "Sample Province (the whole province)" in page
