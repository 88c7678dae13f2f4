"""What operators ask of a web process: is it ready, and the figures, for whoever may read them."""

from collections.abc import Callable
from ipaddress import ip_network

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from gov_portal.kernel.monitoring.metrics import EVERY, OPEN_TASKS, REQUESTS
from gov_portal.kernel.monitoring.monitor import Door, Monitor
from gov_portal.kernel.monitoring.readiness import Check, Findings, Unready
from gov_portal.kernel.monitoring.tally import Sample
from gov_portal.web.base.proxies import trusting
from tests.factories.monitoring import a_monitor
from tests.factories.pages import CASE, Pages, an_app

TOKEN = "a-long-token-of-the-monitoring"
INSIDE = (ip_network("10.1.0.0/16"),)


def served(monitor: Monitor, *, proxies: tuple = ()) -> FlaskClient:
    app = an_app(monitor=monitor).app
    app.wsgi_app = trusting(app.wsgi_app, proxies)
    return app.test_client()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def raising(reason: str) -> Callable[[], Findings]:
    def ask() -> Findings:
        raise Unready(reason)

    return ask


def test_a_process_whose_neighbours_are_well_is_ready() -> None:
    monitor = a_monitor(checks=[Check(("database", "clock"), lambda: {"database": "", "clock": ""})])
    response = served(monitor).get("/readyz")
    assert response.status_code == 200
    assert response.json["status"] == "ready"
    assert response.json["dependencies"]["clock"]["status"] == "ok"


def test_one_neighbour_that_fails_is_named_with_its_reason() -> None:
    checks = [Check(("database", "migrations"), raising("unreachable")), Check(("files",), lambda: {"files": ""})]
    response = served(a_monitor(checks=checks)).get("/readyz")
    assert response.status_code == 503
    found = response.json["dependencies"]
    assert found["database"] == {"status": "failed", "ms": 0, "reason": "unreachable"}
    assert found["migrations"]["reason"] == "not-asked"
    assert found["files"]["status"] == "ok"


def test_a_department_that_is_held_back_is_shown_and_does_not_matter() -> None:
    response = served(a_monitor(departments={"police": True, "civil": False})).get("/readyz")
    assert response.status_code == 200
    assert response.json["departments"] == {"civil": "ok", "police": "held-back"}


@pytest.mark.parametrize("door", [Door(), Door(TOKEN), Door(networks=INSIDE)], ids=["none", "token", "network"])
@pytest.mark.parametrize("headers", [{}, bearer(""), bearer("wrong"), bearer(TOKEN[:-1])], ids=str)
def test_the_figures_are_closed_to_everybody_else(door: Door, headers: dict[str, str]) -> None:
    response = served(a_monitor(door=door)).get("/metrics", headers=headers)
    assert response.status_code == 403
    assert "gov_" not in response.text.replace("gov_session", "")


def test_the_token_opens_the_figures() -> None:
    response = served(a_monitor(door=Door(TOKEN))).get("/metrics", headers=bearer(TOKEN))
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("10.1.2.3", None, 200),
        ("::ffff:10.1.2.3", None, 200),
        ("10.2.0.1", None, 403),
        # A stranger behind a proxy of ours, and one who claims to be inside.
        ("10.1.0.9", "203.0.113.7", 403),
        ("203.0.113.7", "10.1.2.3", 403),
        # A proxy that nobody named vouches for nothing, though its own address is inside.
        ("10.1.7.7", "10.1.2.3", 403),
        ("10.1.0.9", "10.1.2.3", 200),
        ("10.1.0.9", "nonsense", 403),
        ("10.1.0.9", "10.1.2.3, 203.0.113.7", 403),
    ],
)
def test_a_network_opens_the_figures_to_whom_our_proxies_name(peer: str, forwarded: str | None, status: int) -> None:
    client = served(a_monitor(door=Door(networks=INSIDE)), proxies=(ip_network("10.1.0.9/32"),))
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer}).status_code == status


def test_the_figures_are_in_the_format_of_prometheus() -> None:
    monitor = a_monitor(door=Door(TOKEN), state=[Sample(OPEN_TASKS, ("dept.x", "470101", "review"), 3)])
    client = served(monitor)
    client.get("/")
    text = client.get("/metrics", headers=bearer(TOKEN)).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert 'gov_open_tasks{kind="review",org="dept.x",unit="470101"} 3.0' in text
    assert families["gov_request_seconds"].type == "histogram"
    buckets = [one for one in families["gov_request_seconds"].samples if one.name.endswith("_bucket")]
    assert buckets[-1].labels["le"] == "+Inf"
    assert buckets[-1].value == 1
    assert {f"{name}_total" if family.type == "counter" else name for name, family in families.items()} <= set(EVERY)


def test_requests_are_counted_by_their_template_and_never_by_their_address() -> None:
    monitor = a_monitor()
    client = served(monitor)
    client.get("/verify/ABCD-SECRET-CODE")
    client.get(f"/cases/{CASE}")
    client.get("/no/such/page/470101199003074514")
    client.open("/", method="BREW")
    counted = {one.labels for one in monitor.tally.samples() if one.metric is REQUESTS}
    assert ("GET", "/verify/<path:code>", "200") in counted or ("GET", "/verify/<code>", "200") in counted
    assert ("GET", "unmatched", "404") in counted
    assert ("other", "unmatched", "405") in counted or ("other", "/", "405") in counted
    assert not [labels for labels in counted if "SECRET" in str(labels) or str(CASE) in str(labels)]


def test_a_state_that_cannot_be_read_leaves_the_figures_of_the_process() -> None:
    monitor = a_monitor(door=Door(TOKEN))

    def fail() -> list[Sample]:
        raise OSError

    object.__setattr__(monitor.state, "_ask", fail)
    client = served(monitor)
    client.get("/")
    text = client.get("/metrics", headers=bearer(TOKEN)).text
    assert "gov_state_readable 0.0" in text
    assert "gov_requests_total" in text


@pytest.fixture
def secure() -> FlaskClient:
    return served(a_monitor(), proxies=INSIDE)


@pytest.mark.parametrize(("proto", "is_secure"), [("https", True), ("http", False), ("gopher", False)])
def test_our_proxy_says_whether_the_caller_came_by_tls(secure: FlaskClient, proto: str, is_secure: bool) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": proto}
    response = secure.get("/", headers=headers, environ_base={"REMOTE_ADDR": "10.1.0.9"})
    assert ("Strict-Transport-Security" in response.headers) is is_secure


def test_nobody_else_says_so(secure: FlaskClient) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in secure.get("/", headers=headers).headers


def test_a_probe_looks_at_no_session(pages: Pages) -> None:
    def hang(token: str) -> None:
        raise AssertionError("the session was read")

    pages.identity.session = hang
    assert pages.signed_in().get("/readyz").status_code == 200
    assert pages.signed_in().get("/healthz").status_code == 200
