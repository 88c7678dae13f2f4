"""No route is open by accident: each demands a permission, and whoever lacks it is sent away."""

import pytest

from gov_portal.web.base.access import permission_of
from identity.domain.errors import GuardianshipEnded
from identity.permissions import PERMISSIONS, Permission, allows
from tests.factories.citizen import RATING
from tests.factories.counter import TELLING, VISIT
from tests.factories.inbox import MESSAGE, STOP_TOKEN
from tests.factories.offers import OFFER
from tests.factories.pages import CASE, FILE, WARD, Pages, an_app, the_app

EVERY = list(the_app().url_map.iter_rules())
ROUTES = [rule for rule in EVERY if not rule.rule.startswith("/api/v1/")]
"""What people open; ``test_api_access`` walks what programs ask for."""

ARGUMENTS = {
    "item": "cdpf.disability-card.first",
    "case": CASE,
    "file": FILE,
    "session": CASE,
    "page": "basic",
    "step": "publicise",
    "task": "accept.1",
    "code": "valid",
    "copy": CASE,
    "job": CASE,
    "filter": CASE,
    "absence": CASE,
    "rating": RATING,
    "name": "gov.css",
    "operation": "show_case",
    "kind": "Case",
    "licence_kind": "disability-card",
    "number": 0,
    "part": "queue",
    "message": MESSAGE,
    "held": CASE,
    "licence": CASE,
    "phrase": CASE,
    "token": STOP_TOKEN,
    "visit": VISIT,
    "telling": TELLING,
    "offer": OFFER,
}
OPEN = {
    Permission.VIEW_PUBLIC,
    Permission.VERIFY_LICENCE,
    Permission.VIEW_NOTICES,
    Permission.REGISTER,
    Permission.SIGN_IN,
    Permission.SIGN_OUT,
    Permission.VIEW_SANDBOX,
}
FOR_MACHINES = {Permission.VIEW_METRICS}
"""What no session opens, only the token or the network of those who watch the platform."""


def demanded(pages: Pages, endpoint: str) -> Permission:
    permission = permission_of(pages.app.view_functions[endpoint])
    assert permission is not None
    return permission


def path_of(pages: Pages, rule) -> str:
    with pages.app.test_request_context():
        return pages.app.url_for(rule.endpoint, _external=False, **{name: ARGUMENTS[name] for name in rule.arguments})


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.endpoint)
def test_every_route_demands_a_permission(pages: Pages, rule) -> None:
    assert permission_of(pages.app.view_functions[rule.endpoint]) in PERMISSIONS


@pytest.mark.parametrize("rule", [rule for rule in ROUTES if "GET" in rule.methods], ids=lambda rule: rule.endpoint)
def test_a_visitor_without_a_session_reaches_only_what_is_public(pages: Pages, rule) -> None:
    response = pages.visitor().get(path_of(pages, rule))
    if demanded(pages, rule.endpoint) in OPEN:
        assert response.status_code < 400
    elif demanded(pages, rule.endpoint) in FOR_MACHINES:
        assert response.status_code == 403
    else:
        assert response.status_code == 303
        assert "/sign-in?" in response.location


@pytest.mark.parametrize("rule", ROUTES, ids=lambda rule: rule.endpoint)
def test_a_session_opens_what_the_table_allows_and_nothing_else(pages: Pages, rule) -> None:
    path = path_of(pages, rule)
    for holder in ("citizen", "window", "leader", "counter"):
        fresh = an_app(app=pages.app)
        visitor = fresh.signed_in(holder)
        response = visitor.get(path) if "GET" in rule.methods else visitor.post(path)
        may = allows(fresh.identity.holders[holder], demanded(fresh, rule.endpoint), is_sandbox=True)
        assert (response.status_code == 403) is not may, holder
        assert response.status_code < 500, holder


def test_a_route_without_a_permission_is_refused() -> None:
    pages = an_app()
    pages.app.add_url_rule("/left-out", "left-out", lambda: "secret")
    response = pages.signed_in("leader").get("/left-out")
    assert response.status_code == 403
    assert "secret" not in response.text


def test_a_session_that_is_over_leads_to_the_sign_in_and_back(pages: Pages) -> None:
    response = pages.signed_in("ended").get(f"/cases/{CASE}")
    assert response.status_code == 303
    assert response.location == f"/sign-in?next=/cases/{CASE}&over=1"
    assert "登录已过期" in pages.signed_in("ended").get(response.location).text


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(pages: Pages) -> None:
    visitor = pages.signed_in("ended")
    page = f"http://localhost/cases/{CASE}/form/basic"
    response = visitor.post(f"/cases/{CASE}/form/basic", headers={"Referer": page})
    assert response.location == f"/sign-in?next=/cases/{CASE}/form/basic&over=1"
    assert pages.cases.called("save_page") == []


def test_an_officer_without_a_session_is_sent_to_the_officers_door(pages: Pages) -> None:
    assert pages.visitor().get("/officer").location.startswith("/officer/sign-in?next=/officer")


def test_a_program_is_told_in_json_that_it_must_sign_in(pages: Pages) -> None:
    response = pages.visitor().get("/cases", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json["code"] == "sign-in-needed"


def test_a_guardianship_that_has_ended_is_told(pages: Pages) -> None:
    def ended(token: str) -> None:
        raise GuardianshipEnded

    pages.identity.session = ended
    response = pages.signed_in().get("/cases")
    assert response.status_code == 403
    assert "监护关系已经结束" in response.text


def test_a_style_sheet_does_not_take_the_news_of_the_page(pages: Pages) -> None:
    def ended(token: str) -> None:
        raise GuardianshipEnded

    pages.identity.session = ended
    assert pages.signed_in().get("/assets/gov.css").status_code == 200


def test_outside_the_sandbox_its_desk_is_closed() -> None:
    pages = an_app(is_sandbox=False)
    assert pages.visitor().get("/sandbox/messages").status_code == 403
    assert "演示环境" not in pages.visitor().get("/").text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(pages: Pages) -> None:
    cookie = pages.visitor().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("gov_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_acting_for_a_ward_is_shown_on_every_page(pages: Pages) -> None:
    pages.identity.act_for("citizen", ward=WARD)
    assert "您正在替 林小满 办事" in pages.signed_in().get("/").text
