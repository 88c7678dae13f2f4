"""When too many come at once, some wait, the others are told clearly, and nobody loses what they sent."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from io import BytesIO

import pytest

from gov_portal.kernel import outside
from gov_portal.web.base.admission import Admission, Room
from gov_portal.web.base.services import services_of
from tests.factories.pages import CASE, Pages, turning_away

PAGE = f"/cases/{CASE}"


@pytest.fixture
def full(pages: Pages) -> Iterator[Pages]:
    """Pages whose only place is taken."""
    with turning_away(pages):
        yield pages


def test_who_is_too_many_waits_on_a_page_that_looks_again_by_itself(full: Pages) -> None:
    answers = [full.visitor().get(PAGE) for _ in range(20)]
    assert {one.status_code for one in answers} == {503}
    assert all(one.headers["Refresh"] == one.headers["Retry-After"] for one in answers)
    assert len({one.headers["Retry-After"] for one in answers}) > 1
    page = answers[0]
    assert "已经在排队" in page.text
    assert "<script" not in page.text
    assert "url=" not in page.headers["Refresh"]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_speaks_the_readers_language(full: Pages) -> None:
    visitor = full.visitor()
    visitor.client.set_cookie("gov_language", "en")
    assert "wait" in visitor.get(PAGE).text


def test_a_form_that_was_turned_away_can_be_sent_again_as_it_was(full: Pages) -> None:
    sent = {"csrf_token": "abc", "claim.cause": '噪声 <b>"', "tick": ["a", "b"]}
    answer = full.visitor().client.post(f"{PAGE}/form/basic", data=sent)
    assert answer.status_code == 503
    assert "Refresh" not in answer.headers
    assert "什么也没有改变" in answer.text
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    assert found == [
        ("csrf_token", "abc"),
        ("claim.cause", "噪声 &lt;b&gt;&#34;"),
        ("tick", "a"),
        ("tick", "b"),
    ]
    assert full.cases.calls == []


@pytest.mark.parametrize("body", [
    {"data": {"login": "12000000001", "password": "right"}},
    {"data": {"file": (BytesIO(b"x"), "x.png")}},
    {"data": "a=" + "x" * 600_000, "content_type": "application/x-www-form-urlencoded"},
], ids=["password", "file", "too much"])  # fmt: skip
def test_a_secret_or_a_file_is_not_sent_back_and_the_page_says_what_to_do(full: Pages, body: dict) -> None:
    answer = full.visitor().client.post("/sign-in", **body)
    assert answer.status_code == 503
    assert "right" not in answer.text
    assert 'type="hidden"' not in answer.text
    assert "返回刚才的页面" in answer.text


@pytest.mark.parametrize(("language", "words"), [("zh", "再试"), ("en", "Try again")])
def test_a_program_is_told_when_to_come_again(full: Pages, language: str, words: str) -> None:
    answer = full.app.test_client().get("/api/v1/cases", headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "busy"
    assert words in answer.json["detail"]
    assert 1 <= int(answer.headers["Retry-After"]) <= 10


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/assets/gov.css"])
def test_probes_and_our_own_files_need_no_place(full: Pages, path: str) -> None:
    assert full.app.test_client().get(path).status_code == 200


def test_whoever_is_turned_away_is_counted(full: Pages) -> None:
    full.visitor().get(PAGE)
    samples = services_of(full.app).monitor.tally.samples()
    counted = {one.labels: one.value for one in samples if one.metric.name == "gov_requests_total"}
    assert counted["GET", "turned-away", "503"] == 1


def test_places_in_the_line_are_kept_for_who_has_waited() -> None:
    admission = Admission(Room(at_once=1, waiting=2, patience_s=20))
    assert admission.enter(has_waited=False)
    with waiting(admission, has_waited=False):
        assert not admission.enter(has_waited=False)
        with waiting(admission, has_waited=True):
            assert not admission.enter(has_waited=True)
            admission.leave()
            admission.leave()


def test_nobody_waits_for_ever() -> None:
    admission = Admission(Room(at_once=1, waiting=2, patience_s=0.01))
    assert admission.enter(has_waited=False)
    assert not admission.enter(has_waited=True)
    admission.leave()
    assert admission.enter(has_waited=False)
    admission.leave()


def test_a_free_place_is_anybodys_however_many_wait_for_a_department() -> None:
    admission = Admission(Room(at_once=2, waiting=2, patience_s=0.01))
    with ExitStack() as away:
        for _ in range(3):
            assert admission.enter(has_waited=False)
            away.enter_context(outside.awaited())
        assert admission.enter(has_waited=False)
        assert not admission.enter(has_waited=True)
        for _ in range(4):
            admission.leave()


def test_who_waits_for_a_department_gives_the_place_back_and_still_counts() -> None:
    admission = Admission(Room(at_once=1, waiting=2, patience_s=0.01))
    assert admission.enter(has_waited=False)
    with outside.awaited():
        assert in_a_thread(admission.enter, has_waited=False)
        assert not in_a_thread(admission.enter, has_waited=False)
        admission.leave()
    assert not in_a_thread(admission.enter, has_waited=False)
    admission.leave()
    assert in_a_thread(admission.enter, has_waited=False)


def in_a_thread(ask: Callable[..., bool], **how: bool) -> bool:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask, **how).result()


@contextmanager
def waiting(admission: Admission, *, has_waited: bool) -> Iterator[None]:
    """Let somebody stand in the line meanwhile, who is let in at the end."""
    let_in: list[bool] = []
    before = admission._here
    one = threading.Thread(target=lambda: let_in.append(admission.enter(has_waited=has_waited)))
    one.start()
    while admission._here == before:
        pass
    yield
    one.join(20)
    assert let_in == [True]
