"""Whatever is uploaded wherever: a documented answer within a second of work, and nothing kept that was not looked at.

`GOV_FUZZ` says how many bodies are tried at each route; they are the same ones at each run unless it is set.
"""

import json
import os
import time
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from gov_portal.kernel.files import inspect
from gov_portal.kernel.pictures import prepare
from gov_portal.web.base.problems import PROBLEM
from tests.factories.counter import VISIT
from tests.factories.hostile import BROKEN, FILES, PDFS, POLYGLOTS, Body, bodies
from tests.factories.pages import CASE, FILE, Pages, an_app
from tests.factories.views import a_case, a_draft, a_supplement
from workflows.views import MaterialView

HOW_MANY = int(os.environ.get("GOV_FUZZ", "12"))
EFFORT = settings(
    max_examples=HOW_MANY,
    derandomize="GOV_FUZZ" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
# The reader of forms leaves the file of a part that breaks off to the collector; it is closed then.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*(SpooledTemporaryFile|FileIO):pytest.PytestUnraisableExceptionWarning"
)
MOST_S = 3.0
"""Seconds of the processor for one answer; the worst picture that is accepted takes half of it on a slow machine."""

MIB = 1024 * 1024
DOCUMENTED = {200, 201, 303, 400, 404, 409, 413, 415, 422}
WANTED = MaterialView("guard_doc", "materials.guard_doc", "监护关系证明", "civil.guardian", "wanted")


@dataclass(frozen=True)
class Route:
    """Where somebody may upload, and under which names."""

    path: str
    holder: str
    names: tuple[str, ...]


PHOTO, PAPER = ("applicant.photo", "claim.cause"), ("materials.guard_doc",)
COUNTER = f"/officer/counter/visits/{VISIT}/cases/{CASE}"
ROUTES = {
    "page": Route(f"/cases/{CASE}/form/basic", "citizen", PHOTO),
    "page kept": Route(f"/cases/{CASE}/form/basic/keep", "citizen", PHOTO),
    "papers": Route(f"/cases/{CASE}/materials", "citizen", PAPER),
    "papers kept": Route(f"/cases/{CASE}/materials/keep", "citizen", PAPER),
    "supplement": Route(f"/cases/{CASE}/supplement", "citizen", ("claim.cause", "task")),
    "counter page": Route(f"{COUNTER}/form/basic", "counter", PHOTO),
    "counter papers": Route(f"{COUNTER}/materials", "counter", PAPER),
    "counter supplement": Route(f"{COUNTER}/supplement", "counter", ("claim.cause", "task")),
    "act": Route(f"/officer/cases/{CASE}/tasks/assess.1/act", "leader", ("assess.report", "act")),
    "verify": Route("/verify/file", "", ("file",)),
    "API verify": Route("/api/v1/verifications", "", ("file",)),
    "API draft": Route(f"/api/v1/cases/{CASE}/files", "citizen", ("file", "path")),
    "API counter": Route(f"/api/v1/counter/visits/{VISIT}/cases/{CASE}/files", "counter", ("file", "path")),
    "API party": Route(f"/api/v1/involvements/{CASE}/files", "citizen", ("file", "path")),
    "API desk": Route(f"/api/v1/desk/cases/{CASE}/files", "leader", ("file", "path")),
    "API external": Route(f"/api/v1/external-tasks/{CASE}/files", "leader", ("file", "path")),
}


@dataclass
class Attacker:
    """Sends bodies to one portal and looks at what it keeps."""

    pages: Pages

    def __post_init__(self) -> None:
        cases = self.pages.cases
        cases.draft_view = a_draft(materials=(WANTED,))
        cases.case_view = a_case(supplement=a_supplement())
        self.stored: list[tuple[str, bytes]] = []
        cases.attach = cases.attach_in_turn = self.attach
        self.tokens: dict[str, tuple[object, str]] = {}

    def attach(self, case, path, content, *, claimed_type, by):
        """Store a file as the real service does, but in memory."""
        fit = prepare(content, claimed_type=claimed_type)
        media_type = inspect(fit.content, claimed_type=fit.media_type, max_bytes=10 * MIB)
        self.stored.append((media_type, fit.content))
        return FILE

    def send(self, route: Route, body: Body) -> TestResponse:
        self.stored.clear()
        self.pages.cases.calls.clear()
        client, token = self._session(route.holder)
        headers = {"X-CSRFToken": token, "Accept-Language": "zh"}
        if route.path.startswith("/api/") and route.holder:
            headers["Authorization"] = f"Bearer {route.holder}"
        begun = time.process_time()
        response = client.post(route.path, data=body.content, content_type=body.content_type, headers=headers)
        assert time.process_time() - begun < MOST_S
        assert "sign-in" not in response.headers.get("Location", "")
        return response

    def _session(self, holder: str):
        if holder not in self.tokens:
            visitor = self.pages.signed_in(holder) if holder else self.pages.visitor()
            visitor.get("/help" if not holder else "/" if holder == "citizen" else "/officer")
            if not visitor.token:
                visitor.get("/sign-in")
            self.tokens[holder] = (visitor.client, visitor.token)
        return self.tokens[holder]


@pytest.fixture(scope="module")
def attacker() -> Attacker:
    return Attacker(an_app())


def is_said(response: TestResponse) -> bool:
    """Tell whether a refusal is one of ours, in words and without an inside."""
    if response.mimetype == PROBLEM:
        body = json.loads(response.data)
        return body["status"] == response.status_code and bool(body["code"]) and bool(body["detail"])
    return "<h1" in response.text and "Traceback" not in response.text


def is_whole(media_type: str, content: bytes) -> bool:
    """Tell whether a stored file is one file of its type, from its first byte to its last."""
    inspect(content, claimed_type=media_type, max_bytes=10 * MIB)
    ends = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}
    return content.endswith(ends.get(media_type, b"")) and b"<script" not in content


def one_file(name: str, content: bytes, kind: str, **texts: str) -> Body:
    """Return a body in good order with one file."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in texts.items()]
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\nContent-Type: {kind}\r\n\r\n'
    return Body("".join(parts).encode() + head.encode() + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")


@pytest.mark.parametrize("name", ROUTES)
@EFFORT
@given(data=st.data())
def test_no_upload_crashes_the_portal_or_half_succeeds(attacker: Attacker, name: str, data: st.DataObject) -> None:
    route = ROUTES[name]
    response = attacker.send(route, data.draw(bodies(route.names)))
    assert response.status_code in DOCUMENTED
    if response.status_code >= 400:
        assert is_said(response)
    if response.status_code in {400, 413, 415}:
        assert attacker.stored == []
        assert not attacker.pages.cases.called("save_page")
    assert all(is_whole(*stored) for stored in attacker.stored)


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "application/pdf"])
@pytest.mark.parametrize("name", FILES)
def test_no_file_is_kept_as_it_should_not_be(attacker: Attacker, name: str, kind: str) -> None:
    body = one_file("file", FILES[name], kind, path="applicant.photo")
    response = attacker.send(ROUTES["API draft"], body)
    assert response.status_code in {201, 422}
    assert all(is_whole(*stored) for stored in attacker.stored)
    assert len(attacker.stored) == (response.status_code == 201)
    if name in BROKEN or (name in POLYGLOTS and kind == "application/pdf"):
        assert response.status_code == 422


@pytest.mark.parametrize("name", PDFS)
def test_no_pdf_keeps_whoever_verifies_it_busy(attacker: Attacker, name: str) -> None:
    for route in ("verify", "API verify"):
        response = attacker.send(ROUTES[route], one_file("file", PDFS[name], "application/pdf"))
        assert response.status_code == 200


def test_the_fuzzed_routes_are_all_that_take_files() -> None:
    pages = an_app()
    document = pages.visitor().get("/api/v1/openapi.json").json
    uploads = {
        path
        for path, methods in document["paths"].items()
        for method in methods.values()
        if isinstance(method, dict) and "multipart/form-data" in method.get("requestBody", {}).get("content", {})
    }
    fuzzed = {route.path.replace(str(CASE), "{case}").replace(str(VISIT), "{visit}") for route in ROUTES.values()}
    assert uploads <= {path.removeprefix("/api/v1") for path in fuzzed} | fuzzed
