"""Anyone's program finds services as people do, and sees how they go."""

from collections.abc import Iterator
from math import inf
from uuid import UUID, uuid4

import pytest

from gov_portal.kernel.ids import CaseId, OfficerId
from gov_portal.kernel.principal import Officer
from tests.factories.province import CARD, Province
from tests.factories.statements import statements_of
from tests.factories.town import ITEMS
from workflows.services.versions import DESIGNER, PUBLISHER


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
    assert guide["code"] == ask("/items?q=残疾证")["items"][0]["code"] == "472100002000"
    assert all(one["question"] and one["answer"] for one in guide["questions"])


def test_figures_of_too_few_are_kept_back(ask) -> None:
    assert ask(f"/items/{CARD}/figures") == {"closed": None, "median_days": None, "rating": None}
    assert [one for one in ask("/ratings")["items"] if one["average"] is not None or one["counts"] is not None] == []


@pytest.fixture
def city(live: Province) -> Iterator[str]:
    """Let a version of the card hold in one city for the time of a test."""
    versions, unit = live.platform.items.versions, "470000"
    designer, publisher = (
        Officer(OfficerId(uuid4()), "dept.data", unit, frozenset({post}), aal=2) for post in (DESIGNER, PUBLISHER)
    )
    text = (ITEMS / "disability-card.yaml").read_text().replace("version: 3", "version: 4")
    draft = versions.draft(text.replace("promised: 15wd", "promised: 14wd"), "disability-card.yaml", by=designer)
    versions.publish(draft.hash, by=publisher, region="470200")
    yield "470200"
    versions.roll_back(CARD, by=publisher, region="470200")


def test_a_program_asks_for_the_version_of_a_place(live: Province, ask, city: str) -> None:
    everywhere, here = ask(f"/items/{CARD}"), ask(f"/items/{CARD}?region=470201")
    assert (everywhere["region"], everywhere["regions"], everywhere["version"]) == (None, [city], 3)
    assert (here["region"], here["version"], here["promised"]["amount"]) == ("470201", 4, 14)
    assert ask(f"/items/{CARD}/schema?region={city}")["$id"].endswith(":4")
    versions = [row["version"] for row in ask(f"/items?limit=100&region={city}")["items"] if row["item"] == CARD]
    assert versions == [4]
    bad = live.app.test_client().get(f"/api/v1/items/{CARD}?region=999999")
    assert (bad.status_code, bad.json["code"], bad.json["errors"][0]["field"]) == (422, "region.unknown", "region")


def test_a_case_is_begun_by_the_rules_of_a_place(live: Province, city: str) -> None:
    token, citizen = live.citizen()
    client, headers = live.app.test_client(), {"Authorization": f"Bearer {token}"}

    def begun(**body: object) -> int:
        answer = client.post(f"/api/v1/items/{CARD}/drafts", headers=headers, json={"again": True, **body})
        assert answer.status_code == 201, answer.json
        draft = live.platform.casework.cases.draft(CaseId(UUID(answer.json["case"])), by=citizen)
        return live.platform.casework.cases.pinned(draft.pinned).facts.version

    assert [begun(), begun(region=city), begun(region="470100")] == [3, 4, 3]
    bad = client.post(f"/api/v1/items/{CARD}/drafts", headers=headers, json={"region": "nowhere"})
    assert (bad.status_code, bad.json["errors"][0]["code"]) == (422, "region.unknown")


def test_the_city_of_the_sandbox_has_a_permit_of_its_own(ask) -> None:
    guides = [ask(f"/items/market.food-permit{query}") for query in ("", "?region=470201")]
    assert [one["promised"]["amount"] for one in guides] == [18, 16]
    assert [[paper["id"] for paper in one["materials"]] for one in guides] == [["id_card"], ["id_card", "health"]]
    assert guides[0]["regions"] == ["470200"]


def test_the_guide_asks_the_database_no_more_for_a_place(live: Province, city: str, monkeypatch) -> None:
    # Otherwise which versions hold is read again every five seconds, perhaps just now.
    monkeypatch.setattr("workflows.definitions._FRESH_S", inf)
    client = live.app.test_client()

    def asked(address: str) -> int:
        assert client.get(address).status_code == 200
        sent = statements_of(lambda: client.get(address), monkeypatch)
        return len([one for one in sent if "kernel_clock" not in one])

    counts = {asked(f"/items/{CARD}?region={place}") for place in ("470000", city, "470201")}
    assert len(counts) == 1
    assert counts.pop() <= 3
    assert asked(f"/items/{CARD}") == 0
