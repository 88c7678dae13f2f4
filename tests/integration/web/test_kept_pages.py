"""Public pages come from memory as long as nothing on them has changed, and never with anything of a person."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import template_rendered

from gov_portal.web.base.admission import Room
from gov_portal.web.base.services import services_of
from gov_portal.web.base.text import moment
from tests.factories.cases import CALENDAR, card_item
from tests.factories.pages import CASE, NOW, Pages, an_app

GUIDE = "/items/cdpf.disability-card.first"
SIGN_OUT = 'id="sign-out"'
PUBLIC = [GUIDE, "/", "/help", "/about", "/privacy", "/accessibility"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_made_once_and_the_same_for_the_next_reader(pages: Pages, path: str) -> None:
    made = []
    with template_rendered.connected_to(lambda _, **shown: made.append(shown["template"].name), pages.app):
        first, second = pages.visitor().get(path), pages.visitor().get(path)
    assert len(made) == 1
    assert (first.status_code, first.data) == (second.status_code, second.data)
    own = {"X-Request-Id", "Date"}
    assert {k: v for k, v in first.headers if k not in own} == {k: v for k, v in second.headers if k not in own}
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_every_choice_of_a_reader_makes_a_page_of_its_own(pages: Pages) -> None:
    def page(**cookies: str) -> bytes:
        client = pages.app.test_client()
        for name, value in cookies.items():
            client.set_cookie(f"gov_{name}", value)
        return client.get(GUIDE).data

    choices = [{}, {"language": "en"}, {"display": "large"}, {"theme": "dark"}, {"language": "en", "theme": "dark"}]
    seen = [page(**chosen) for chosen in choices]
    assert len(set(seen)) == len(choices)
    assert [page(**chosen) for chosen in choices] == seen
    assert page(theme="no such", display="x", language="fr", region="999999") == seen[0]


def test_a_version_that_goes_live_is_on_the_next_page(pages: Pages) -> None:
    visitor = pages.visitor()
    assert "另一版" not in visitor.get(GUIDE).text
    item = card_item()
    pages.cases.by_region = {"": replace(item, hash="next", facts=replace(item.facts, name="另一版"))}
    assert "另一版" in visitor.get(GUIDE).text


def test_a_clock_that_is_moved_is_on_the_next_page(pages: Pages) -> None:
    visitor = pages.visitor()
    assert moment(NOW) in visitor.get("/help").text
    services_of(pages.app).sandbox_clock.advance("1d", calendar=CALENDAR)
    assert moment(NOW) not in visitor.get("/help").text.partition("<header")[0]


def test_a_browser_that_has_the_page_is_told_so(pages: Pages) -> None:
    visitor = pages.visitor()
    tag = visitor.get(GUIDE).headers["ETag"]
    for known in (tag, f'"other", {tag}'):
        again = visitor.get(GUIDE, headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    assert visitor.get(GUIDE, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_kept_page_keeps_its_protection(pages: Pages) -> None:
    for _ in range(2):
        headers = pages.visitor().get(GUIDE).headers
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Vary"] == "Cookie"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", [*PUBLIC, "/cases", f"/cases/{CASE}"])
def test_nothing_of_a_person_is_kept(pages: Pages, path: str) -> None:
    own = pages.signed_in().get(path)
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in own.headers
    assert SIGN_OUT not in pages.visitor().get(path).text
    assert SIGN_OUT in pages.signed_in().get(path).text


@pytest.mark.parametrize("path", ["/healthz", "/assets/gov.css", "/sign-in", "/no/such/page", f"{GUIDE}?region=470000"])
def test_where_nothing_is_kept_nobody_asks_for_the_edition(pages: Pages, monkeypatch, path: str) -> None:
    asked = []
    monkeypatch.setattr(pages.cases, "edition", lambda: asked.append(path))
    pages.visitor().get(path)
    assert asked == []
    pages.visitor().get(GUIDE)
    assert asked == [path]


def test_a_page_that_gives_a_cookie_is_nobody_elses(pages: Pages) -> None:
    assert "Set-Cookie" in pages.visitor().get(f"{GUIDE}?region=470000").headers
    assert "Set-Cookie" not in pages.visitor().get(GUIDE).headers


def test_another_host_gets_no_page_that_names_the_first(pages: Pages) -> None:
    pages.visitor().get(GUIDE, base_url="http://evil.example")
    assert "evil.example" not in pages.visitor().get(GUIDE).text


def test_who_waits_for_a_place_finds_what_was_made_meanwhile() -> None:
    pages = an_app(room=Room(at_once=1, patience_s=60))
    made, readers = [], 8
    note = template_rendered.connected_to(lambda _, **shown: made.append(shown["template"].name), pages.app)
    with ThreadPoolExecutor(readers) as pool, note:
        answers = list(pool.map(lambda _: pages.visitor().get(GUIDE).status_code, range(readers)))
    assert answers == [200] * readers
    assert len(made) == 1


def test_a_kept_page_is_counted_and_written_as_any_other(pages: Pages) -> None:
    visitor, tally = pages.visitor(), pages.app.extensions["gov_portal.services"].monitor.tally
    for _ in range(3):
        visitor.get(GUIDE)
    counted = {s.labels: s.value for s in tally.samples() if s.metric.name == "gov_requests_total"}
    assert counted["GET", "/items/<item>", "200"] == 3
