"""Headers, addresses and methods that no browser sends lead nowhere, tell nothing and break nothing."""

import re

import pytest

from tests.factories.pages import CASE, Pages, the_app

EVIL = "evil.example"
OWN = f"/cases/{CASE}"
FORGED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Proto": "javascript",
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Original-URL": "/officer",
    "X-Rewrite-URL": "/officer",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": f"host={EVIL};proto=https",
}
PAGES = ["/", "/sign-in", OWN, f"{OWN}/form/basic", "/no/such/page", "/verify//abc", "/display?back=/"]
METHODS = ("PUT", "PATCH", "DELETE", "PROPFIND", "TRACK", "X" * 300)
ROUTES = sorted({rule.rule for rule in the_app().url_map.iter_rules() if not rule.arguments})


def leads(html: str) -> list[str]:
    """Return where a page leads, sends and loads from."""
    return re.findall(r'(?:href|action|src|content)="([^"]*)"', html)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_header_leads_nowhere(pages: Pages, path: str, name: str) -> None:
    plain = pages.signed_in().get(path)
    response = pages.signed_in().client.get(path, headers={name: FORGED[name]})
    # The browser of a test keeps its session for its own host.
    assert response.status_code in {plain.status_code, 303}
    assert not [one for one in leads(response.text) if EVIL in one or "javascript" in one]
    assert EVIL not in response.headers.get("Location", "")
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("path", ROUTES)
def test_a_method_that_an_address_does_not_know_is_told_which_it_does(pages: Pages, path: str) -> None:
    known = {found for rule in pages.app.url_map.iter_rules() if rule.rule == path for found in rule.methods}
    visitor = pages.signed_in("leader")
    visitor.get("/officer")
    for method in METHODS:
        response = visitor.client.open(path, method=method, headers={"X-CSRFToken": visitor.token})
        assert response.status_code < 500, method
        assert method in known or response.status_code in {400, 405}, method
        if response.status_code == 405:
            assert known <= set(response.headers["Allow"].split(", ")), method


@pytest.mark.parametrize(
    "path",
    [
        "/cases%2f30000000-0000-4000-8000-000000000001",
        f"/cases/{CASE}%2fform%2fbasic",
        f"/cases/{CASE}/form/..%2f..%2fcheck",
        f"/cases/{CASE}/form/%2e%2e",
        f"/cases/{CASE}/form/basic%00",
        f"/cases/{CASE}/form/%c0%ae%c0%ae",
        f"/cases/{CASE}/form/basic;jsessionid=1",
        f"/cases/{CASE}/form/" + "x" * 20_000,
        "/items/" + "%25" * 3_000,
        "/officer%2fcases",
        "/%5c%5cevil.example/",
        "/?q=" + "x" * 100_000,
        "/?" + "&".join(f"a{n}=1" for n in range(20_000)),
        "/?q=%",
        "/?q=%ed%a0%80",
    ],
    ids=lambda path: path[:40],
)
def test_an_odd_address_is_a_page_or_none(pages: Pages, path: str) -> None:
    response = pages.signed_in().client.get(path)
    assert response.status_code in {200, 303, 400, 403, 404}
    assert EVIL not in response.headers.get("Location", "")


@pytest.mark.parametrize(
    "cookie", ["gov_session=" + "x" * 16_000, "gov_session=", "=;;=" * 900, "gov_session=a.b.c", "a"]
)
def test_an_odd_cookie_is_nobody(pages: Pages, cookie: str) -> None:
    client = pages.app.test_client(use_cookies=False)
    response = client.get("/cases", headers={"Cookie": cookie})
    assert response.status_code == 303
    assert "/sign-in" in response.location


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=nonsense",
        "application/x-www-form-urlencoded; charset=" + "x" * 9000,
        "application/json",
        "text/plain",
        "multipart/mixed; boundary=x",
        "\xff/\xff",
        "",
    ],
)
def test_a_form_in_another_dress_is_read_as_it_is_or_not_at_all(pages: Pages, kind: str) -> None:
    visitor = pages.signed_in()
    visitor.get(f"{OWN}/form/basic")
    body = f"csrf_token={visitor.token}&claim.cause=%ff%fe+ADw-script+AD4-".encode()
    response = visitor.client.post(f"{OWN}/form/basic", data=body, content_type=kind)
    assert response.status_code in {303, 400, 413, 415}
    assert all("<script" not in str(call["raw"]) for call in pages.cases.called("save_page"))


@pytest.mark.parametrize(
    "header", ["bytes=0-10", "bytes=" + ",".join(["0-"] * 5000), "bytes=9999999999-", "lines=1", "bytes=5-1"]
)
@pytest.mark.parametrize("path", ["/assets/gov.css", f"{OWN}/files/{CASE}", f"{OWN}/licence.pdf", "/"])
def test_a_part_of_an_answer_is_the_answer_or_nothing(pages: Pages, path: str, header: str) -> None:
    whole = pages.signed_in().client.get(path)
    response = pages.signed_in().client.get(path, headers={"Range": header, "If-Range": "x"})
    assert response.status_code in {200, 206, 404, 416, whole.status_code}
    assert len(response.data) <= max(len(whole.data), 50_000)


@pytest.mark.parametrize(
    "header", ["Accept", "Accept-Language", "User-Agent", "Referer", "Idempotency-Key", "If-None-Match"]
)
@pytest.mark.parametrize(
    "value", ["x" * 60_000, "a;q=" + "9" * 5000, ",".join(["a/b;q=0.1"] * 5000), "\xff\xfe", "%0d%0aX: y"]
)
def test_an_odd_header_breaks_nothing(pages: Pages, header: str, value: str) -> None:
    response = pages.signed_in().client.get(OWN, headers={header: value})
    assert response.status_code == 200
    assert "X" not in response.headers
