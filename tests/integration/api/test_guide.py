"""Anyone's program finds services as people do, and sees how they go."""

import pytest

from tests.factories.province import CARD, Province


@pytest.fixture
def ask(live: Province):
    def ask(path: str, language: str = "en"):
        response = live.app.test_client().get(f"/api/v1{path}", headers={"Accept-Language": language})
        assert response.status_code == 200, response.json
        return response.json

    return ask


@pytest.mark.parametrize("words", ["听不见怎么办", "残疾证", "disability"])
def test_an_item_is_found_by_what_people_call_it(ask, words: str) -> None:
    assert ask(f"/items?q={words}")["items"][0]["item"] == CARD


def test_a_life_event_has_as_many_items_as_it_says(ask) -> None:
    events = ask("/life-events")["items"]
    assert events
    for one in events:
        assert len(ask(f"/items?event={one['id']}&limit=100")["items"]) == one["count"]
    assert ask("/items?event=nothing-such")["items"] == []


def test_the_guide_says_who_may_apply_and_how_long_it_takes(ask) -> None:
    guide = ask(f"/items/{CARD}")
    assert guide["promised"] == {"amount": 15, "unit": "wd", "text": "15 working days"}
    assert ask(f"/items/{CARD}", "zh")["promised"]["text"] == "15个工作日"
    assert (guide["is_startable"], ask("/items/admin-review")["is_startable"]) == (True, False)
    assert guide["audience"] == ["natural"]
    assert all(one["question"] and one["answer"] for one in guide["questions"])


def test_figures_of_too_few_are_kept_back(ask) -> None:
    assert ask(f"/items/{CARD}/figures") == {"closed": None, "median_days": None, "rating": None}
    assert ask("/ratings")["items"] == []
