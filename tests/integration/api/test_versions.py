"""One officer drafts an item through the API, another publishes it; it holds at once and is rolled back."""

from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

import workflows
from gov_portal.kernel.ids import ItemId
from tests.factories.province import Province
from workflows.dsl.lint import compile_text

SOURCE = (Path(workflows.__file__).parent / "items" / "tourism-complaint.yaml").read_text("utf-8")


@pytest.fixture
def ask(live: Province):
    tokens = {role: live.officer("dept.data", role, region="470000")[0] for role in ("designer", "publisher")}

    def ask(by: str, method: str, path: str, *, key: str = "", language: str = "en", **more):
        headers = {"Authorization": f"Bearer {tokens[by]}", "Accept-Language": language}
        if key:
            headers["Idempotency-Key"] = key
        return live.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    return ask


@pytest.fixture
def item(live: Province) -> str:
    return next(row.item for row in live.platform.casework.cases.items() if "tourism" in row.item)


def version_of(live: Province, item: str) -> int:
    return live.platform.casework.cases.item(ItemId(item)).facts.version


def test_it_takes_two_and_is_taken_back(live: Province, ask, item: str) -> None:
    designer, publisher = partial(ask, "designer"), partial(ask, "publisher")
    before = version_of(live, item)
    (held,) = [one for one in publisher("GET", f"/versions?item={item}").json["items"] if one["state"] == "holds"]
    source = SOURCE.replace(f"version: {before}", f"version: {before + 1}", 1)
    key = uuid4().hex
    drafted, again = (designer("POST", "/versions", json={"source": source}, key=key) for _ in range(2))
    assert (drafted.status_code, drafted.json["state"], drafted.json["version"]) == (201, "draft", before + 1)
    assert again.json == drafted.json
    digest = drafted.json["hash"]
    kept = publisher("GET", f"/versions/{digest[:8]}").json
    assert (kept["file"], [one["state"] for one in kept["releases"]]) == ("item.yaml", ["draft"])
    assert compile_text(kept["source"], kept["file"]).hash == digest
    changes = publisher("GET", f"/versions/{digest}/differences?old={held['hash']}").json["items"]
    assert [(one["section"], one["attribute"]) for one in changes] == [("item", "version")]
    assert designer("POST", f"/versions/{digest}/releases", json={}).status_code == 403
    late = {"effective_at": "2020-01-01T00:00:00+08:00"}
    assert publisher("POST", f"/versions/{digest}/releases", json=late).json["code"] == "item.effective-in-past"
    published = publisher("POST", f"/versions/{digest}/releases", json={}, key=uuid4().hex)
    assert (published.status_code, published.json["state"], published.json["hash"]) == (201, "holds", digest)
    assert version_of(live, item) == before + 1
    assert publisher("POST", f"/versions/{digest}/releases", json={}).json["code"] == "item.holds-already"
    rolled = publisher("POST", f"/items/{item}/rollback", json={})
    assert (rolled.status_code, rolled.json["hash"]) == (200, held["hash"])
    assert version_of(live, item) == before
    assert publisher("POST", f"/items/{item}/rollback", json={}).json["code"] == "item.nothing-to-roll-back"


@pytest.mark.parametrize(("language", "words"), [("zh", "第1行"), ("en", "line 1")])
def test_every_finding_of_a_draft_is_told_with_its_place(ask, language: str, words: str) -> None:
    refused = ask("designer", "POST", "/versions", json={"source": "gov: 1\n", "file": "mine.yaml"}, language=language)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid-fields")
    assert {(one["pointer"], one["code"]) for one in refused.json["errors"]} == {("#/source", "item.finding")}
    assert words in refused.json["errors"][0]["message"]


@pytest.mark.parametrize("file", ["../../etc/passwd", "", "/x.yaml", "a b"])
def test_a_draft_is_named_as_a_plain_file(ask, file: str) -> None:
    assert ask("designer", "POST", "/versions", json={"source": SOURCE, "file": file}).status_code == 422


def test_other_content_under_a_kept_number_is_refused(ask) -> None:
    changed = SOURCE.replace("visits: 0", "visits: 3").replace("visits: 1", "visits: 2")
    refused = ask("designer", "POST", "/versions", json={"source": changed})
    assert (refused.status_code, refused.json["code"]) == (409, "item.version-taken")


def test_what_uses_a_resource_is_found_page_by_page(ask) -> None:
    first = ask("publisher", "GET", "/mentions?word=police.person&limit=2")
    assert len(first.json["items"]) == 2
    assert all("police.person" in one["name"] + one["text"] for one in first.json["items"])
    after = first.headers["Link"].partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    second = ask("publisher", "GET", after).json["items"]
    assert second
    assert not any(one in first.json["items"] for one in second)


def test_versions_are_of_no_concern_to_other_officers(live: Province) -> None:
    token, _ = live.officer("dept.subdistrict", "window")
    answer = live.app.test_client().get("/api/v1/versions", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
