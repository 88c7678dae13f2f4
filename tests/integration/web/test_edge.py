"""Forged forms, unknown pages, wrong methods, large bodies and crashes each get a clear answer."""

import json
import re

import psycopg
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gov_portal.kernel.db import TransactionFailed
from gov_portal.kernel.errors import Conflict, InvalidFields
from gov_portal.kernel.types import Fault, ValueRefused
from tests.factories.pages import CASE, CODE, Pages

JSON = {"Accept": "application/problem+json"}
POSTS = [
    "/register",
    "/sign-in",
    "/sign-out",
    f"/cases/{CASE}/form/basic",
    f"/cases/{CASE}/check",
    f"/cases/{CASE}/withdraw",
    f"/cases/{CASE}/urge",
    f"/cases/{CASE}/supplement",
    f"/cases/{CASE}/appeal",
    "/sandbox/clock",
    "/account/acting",
    f"/notices/{CASE}/publicise/object",
]
DESK_POSTS = [
    f"/officer/cases/{CASE}/tasks/accept.1/{end}"
    for end in ("act", "claim", "hand-over", "suspend", "resume", "extend")
]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "forged", "IjEi.aaaa.bbbb"], ids=["missing", "forged", "signed by another"])
def test_a_forged_form_of_a_citizen_changes_nothing(pages: Pages, path: str, token: str) -> None:
    response = pages.signed_in().client.post(path, data={"csrf_token": token})
    assert response.status_code == 400
    assert "没有提交" in response.text
    assert {name for name, _ in pages.cases.calls} <= {"view", "draft"}


@pytest.mark.parametrize("path", DESK_POSTS)
def test_a_forged_form_of_an_officer_changes_nothing(pages: Pages, path: str) -> None:
    assert pages.signed_in("leader").client.post(path, data={"act": "ok"}).status_code == 400
    assert pages.cases.calls == []


def test_an_expired_token_keeps_the_way_back(pages: Pages) -> None:
    visitor = pages.signed_in()
    page = f"/cases/{CASE}/form/basic"
    visitor.get(page)
    pages.app.config["WTF_CSRF_TIME_LIMIT"] = -1
    response = visitor.post(page, headers={"Referer": f"http://localhost{page}?then=check"})
    assert response.status_code == 400
    assert f'href="{page}?then=check"' in response.text
    assert "已经保存的内容都在" in response.text


def test_a_token_of_another_session_is_refused(pages: Pages) -> None:
    other = pages.visitor()
    other.get("/sign-in")
    response = pages.signed_in().client.post("/sign-out", data={"csrf_token": other.token})
    assert response.status_code == 400


def test_signing_in_changes_the_secret_of_the_forms(pages: Pages) -> None:
    visitor = pages.visitor()
    visitor.get("/sign-in")
    before = visitor.token
    visitor.post("/sign-in", {"login": "12000000001", "password": "right"})
    visitor.get("/sign-in/code")
    visitor.post("/sign-in/code", {"code": CODE})
    assert visitor.client.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_a_foreign_referrer_is_no_way_back(pages: Pages) -> None:
    response = pages.signed_in().client.post("/sign-out", headers={"Referer": "https://evil.example/x"})
    assert "evil.example" not in response.text


@pytest.mark.parametrize("referrer", ["http://[", "http://localhost/\t/[", "\\\\", "http://localhost\\@evil.example/"])
def test_a_broken_referrer_does_no_harm(pages: Pages, referrer: str) -> None:
    response = pages.visitor().client.post(f"/cases/{CASE}/urge", headers={"Referer": referrer})
    assert response.status_code == 400
    assert "evil.example" not in response.text


@pytest.mark.parametrize(
    ("sent_to", "referrer", "back"),
    [
        (f"/officer/cases/{CASE}/tasks/accept.1/act", "", f"/officer/cases/{CASE}/tasks/accept.1"),
        (
            f"/officer/cases/{CASE}/tasks/accept.1/act",
            f"http://localhost/officer/cases/{CASE}/tasks/accept.1/act",
            f"/officer/cases/{CASE}/tasks/accept.1",
        ),
        (f"/cases/{CASE}/form/basic", "", f"/cases/{CASE}/form/basic"),
        (f"/cases/{CASE}/form/basic", "http://[", f"/cases/{CASE}/form/basic"),
        (f"/cases/{CASE}/urge", "", f"/cases/{CASE}"),
    ],
    ids=["to an act", "after a refused act", "without a referrer", "with a broken one", "to what has no page"],
)
def test_whoever_must_sign_in_again_comes_back_to_a_page(pages: Pages, sent_to: str, referrer: str, back: str) -> None:
    response = pages.signed_in("ended").post(sent_to, headers={"Referer": referrer} if referrer else {})
    assert f"sign-in?next={back}&over=1" in response.location


def test_a_part_without_a_name_is_a_broken_form(pages: Pages) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nbar\r\n--x--"
    response = pages.signed_in().client.post("/sign-out", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert "没有提交" in response.text


def test_doubled_slashes_lead_to_no_other_host(pages: Pages) -> None:
    response = pages.visitor().client.get("/verify//abc", headers={"Host": "evil.example"})
    assert response.status_code == 404
    assert "evil.example" not in response.headers.get("Location", "")


def test_an_unknown_page_is_a_page_of_its_own(pages: Pages) -> None:
    response = pages.visitor().get("/no/such/page")
    assert response.status_code == 404
    assert "<h1>找不到这一页</h1>" in response.text
    assert 'href="/"' in response.text


def test_a_program_gets_problem_details(pages: Pages) -> None:
    response = pages.visitor().get("/no/such/page", headers=JSON)
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    body = json.loads(response.data)
    assert body["status"] == 404
    assert body["type"] == "urn:gov-portal:problem:http.404"
    assert body["title"] == "找不到这一页"


def test_a_program_may_ask_in_english(pages: Pages) -> None:
    response = pages.visitor().get("/no/such/page", headers={**JSON, "Accept-Language": "en-GB,en;q=0.9"})
    assert response.json["detail"].startswith("There is no such page")
    assert response.headers["Content-Language"] == "en"


def test_a_wrong_method_says_which_are_allowed(pages: Pages) -> None:
    visitor = pages.visitor()
    visitor.get("/sign-in")
    response = visitor.post("/notices")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "不能这样打开这一页" in response.text


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_an_unheard_of_method_is_refused(pages: Pages, method: str) -> None:
    response = pages.visitor().client.open("/", method=method.upper())
    assert response.status_code in {400, 405}


def test_a_body_that_is_too_large_is_refused(pages: Pages) -> None:
    pages.app.config["MAX_CONTENT_LENGTH"] = 1000
    response = pages.signed_in().client.post(f"/cases/{CASE}/form/basic", data={"x": "y" * 2000})
    assert response.status_code == 413
    assert "每个文件不能超过 10 MB" in response.text


def test_a_text_field_that_is_too_large_is_refused(pages: Pages) -> None:
    visitor = pages.signed_in()
    response = visitor.post(f"/cases/{CASE}/form/basic", {"claim.cause": "长" * 400_000})
    assert response.status_code == 413


def test_a_crash_shows_no_inside(pages: Pages) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("SELECT secret FROM somewhere")

    pages.cases.items = crash
    response = pages.visitor().get("/")
    assert response.status_code == 500
    assert "系统出了问题" in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize("error", [psycopg.OperationalError("the server closed"), PoolTimeout(), TransactionFailed()])
def test_a_database_that_is_away_asks_people_and_programs_to_come_again(pages: Pages, error: Exception) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise error

    pages.cases.items = break_off
    for headers in ({}, JSON):
        response = pages.visitor().client.get("/", headers=headers)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
        assert "系统暂时不能使用，已经保存的内容都在" in response.text
        assert "server" not in response.text


def test_a_conflict_is_a_page_with_the_way_back(pages: Pages) -> None:
    pages.cases.refuse["urge"] = Conflict()
    response = pages.signed_in().post(f"/cases/{CASE}/urge", headers={"Referer": f"http://localhost/cases/{CASE}"})
    assert response.status_code == 409
    assert f'href="/cases/{CASE}"' in response.text


def test_all_faults_reach_a_program_at_once(pages: Pages) -> None:
    pages.cases.refuse["urge"] = InvalidFields(
        [ValueRefused(Fault.MISSING, field="a"), ValueRefused(Fault.DATE_FORM, field="b")]
    )
    response = pages.signed_in().post(f"/cases/{CASE}/urge", headers=JSON)
    assert response.status_code == 422
    assert [(error["field"], error["code"]) for error in response.json["errors"]] == [
        ("a", "type.missing"),
        ("b", "type.date.form"),
    ]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no/such/page", "/assets/gov.css"])
def test_every_answer_is_protected(pages: Pages, path: str) -> None:
    headers = pages.visitor().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_cache_shows_a_page_without_asking_or_keeps_one_that_is_somebodys(pages: Pages) -> None:
    own = [pages.signed_in().get(path) for path in ("/", "/cases", f"/cases/{CASE}")]
    forms = [pages.visitor().get(path) for path in ("/sign-in", "/register", "/?region=470000")]
    assert {one.headers["Cache-Control"] for one in (*own, *forms)} == {"private, no-store"}
    assert pages.visitor().get("/").headers["Cache-Control"] == "no-cache"
    assert "immutable" in pages.visitor().get("/assets/gov.css").headers["Cache-Control"]


@pytest.mark.parametrize("name", ["errors.toml", "gov.css.map", "base.html"])
def test_only_named_assets_are_served(pages: Pages, name: str) -> None:
    assert pages.visitor().get(f"/assets/{name}").status_code == 404


def test_a_strict_transport_header_needs_a_secure_request(pages: Pages) -> None:
    assert "Strict-Transport-Security" not in pages.visitor().get("/").headers
    assert "Strict-Transport-Security" in pages.visitor().get("/", base_url="https://localhost").headers


PUBLIC = [
    "/",
    "/items/cdpf.disability-card.first",
    "/register",
    "/sign-in",
    "/notices",
    "/verify/valid",
    "/sandbox/messages",
]
OWN = ["/", "/account", f"/cases/{CASE}", f"/cases/{CASE}/form/basic", f"/cases/{CASE}/check", f"/cases/{CASE}/receipt"]
DESK = ["/officer", f"/officer/cases/{CASE}/tasks/accept.1"]


@pytest.mark.parametrize(
    ("holder", "path"), [("", p) for p in PUBLIC] + [("citizen", p) for p in OWN] + [("leader", p) for p in DESK]
)
def test_a_page_is_light_and_well_formed(pages: Pages, holder: str, path: str) -> None:
    visitor = pages.signed_in(holder) if holder else pages.visitor()
    html = visitor.get(path).text
    sheet = pages.visitor().get("/assets/gov.css").data
    assert len(html.encode()) + len(sheet) <= 50_000
    assert '<html lang="zh-CN"' in html
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert 'href="#content"' in html
    assert re.findall(r"<script[^>]*>", html) == re.findall(
        r'<script src="/assets/[a-z]+[.]js[?]v=[0-9a-f]+" defer>', html
    )
    assert " style=" not in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    labelled = set(re.findall(r'\sfor="([^"]+)"', html))
    inputs = set(
        re.findall(r'<(?:input|textarea|select)(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*\sid="([^"]+)"', html)
    )
    assert inputs <= labelled


@pytest.mark.parametrize(("size", "shown"), [("large", 'class="large"'), ("normal", "")])
def test_the_large_display_is_remembered(pages: Pages, size: str, shown: str) -> None:
    visitor = pages.visitor()
    response = visitor.get(f"/display?size={size}&back=/notices")
    assert response.location == "/notices"
    assert shown in visitor.get("/").text


def test_the_switch_of_the_display_leads_nowhere_else(pages: Pages) -> None:
    assert pages.visitor().get("/display?size=large&back=//evil.example").location == "/"


def test_the_process_says_that_it_lives(pages: Pages) -> None:
    assert pages.visitor().get("/healthz").json == {"status": "ok"}
