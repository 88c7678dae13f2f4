"""No endpoint is open by accident, cookies open none, and every answer to a program is one that the document names."""

import pytest

from gov_portal.web.base.access import permission_of
from identity.permissions import PERMISSIONS, allows, needs_sign_in
from tests.factories.counter import HALL, TELLING, VISIT
from tests.factories.inbox import MESSAGE
from tests.factories.offers import OFFER
from tests.factories.pages import CASE, CITIZEN, FILE, LEADER, WINDOW, Pages, an_app, the_app

RULES = [rule for rule in the_app().url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
ARGUMENTS = {
    "item": "cdpf.disability-card.first",
    "case": CASE,
    "file": FILE,
    "licence": CASE,
    "copy": CASE,
    "session": CASE,
    "rating": CASE,
    "job": CASE,
    "webhook": CASE,
    "message": MESSAGE,
    "filter": CASE,
    "held": CASE,
    "phrase": CASE,
    "absence": CASE,
    "page": "basic",
    "step": "publicise",
    "task": "accept.1",
    "code": "valid",
    "visit": VISIT,
    "telling": TELLING,
    "offer": OFFER,
    "hash": "0" * 64,
}
HOLDERS = {"citizen": CITIZEN, "window": WINDOW, "leader": LEADER, "counter": HALL}


def ask(pages: Pages, rule, *, token: str = "", cookie: str = "", **more):
    client = pages.app.test_client()
    if cookie:
        with client.session_transaction() as session:
            session["token"] = cookie
    with pages.app.test_request_context():
        path = pages.app.url_for(rule.endpoint, **{name: ARGUMENTS[name] for name in rule.arguments})
    method = next(iter(rule.methods - {"HEAD", "OPTIONS"}))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.open(path, method=method, headers=headers, **more)


def demanded(pages: Pages, rule):
    permission = permission_of(pages.app.view_functions[rule.endpoint])
    assert permission in PERMISSIONS
    return permission


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_without_credentials_only_what_is_public_answers(pages: Pages, rule) -> None:
    response = ask(pages, rule)
    assert (response.status_code == 401) is needs_sign_in(demanded(pages, rule))
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_a_cookie_opens_nothing_for_programs(pages: Pages, rule) -> None:
    response = ask(pages, rule, cookie="leader")
    assert (response.status_code == 401) is needs_sign_in(demanded(pages, rule))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_credentials_that_open_nothing_are_refused_everywhere(pages: Pages, rule) -> None:
    assert ask(pages, rule, token="nobody").status_code == 401


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_a_token_opens_what_the_table_allows_and_nothing_else(pages: Pages, rule) -> None:
    for name, holder in HOLDERS.items():
        response = ask(an_app(app=pages.app), rule, token=name)
        may = allows(holder, demanded(pages, rule), is_sandbox=True)
        assert (response.status_code == 403) is not may, name
        assert response.status_code < 500, name


def test_another_scheme_than_bearer_is_refused(pages: Pages) -> None:
    response = pages.app.test_client().get("/api/v1/items", headers={"Authorization": "Basic Y2l0aXplbjo="})
    assert response.status_code == 401
