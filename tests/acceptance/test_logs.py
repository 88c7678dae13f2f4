"""A whole journey, slips included, leaves nothing personal in any log of the platform, and lines that programs read."""

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from gov_portal.cli.demo.story import CLAIM, Matter, Stage
from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.cli.instance import Instance
from gov_portal.sandbox.people import load_people

CAUSE = "在采石场第七号工棚被落石砸伤"
STREET = "样例省样例市西样区无名巷九十九号"
SLIP = "我的身份证号不会写进日志"
VERIFY_CODE = "WXYZ-7788-QRST"
STOP_TOKEN = "stop-token-that-nobody-may-read"
TYPED_NAME = "欧阳不留痕"
HANDLE = "neighbour"


def logs_of(instance: Instance) -> dict[str, str]:
    platform = instance.home.platform
    files = [*instance.home.logs.glob("*.log"), *platform.glob("*/*.log")]
    return {path.name: path.read_text("utf-8", errors="replace") for path in files}


def lines_of(instance: Instance, name: str) -> list[dict[str, object]]:
    text = (instance.home.logs / f"{name}.log").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def case_path(live_portal: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Live through it: slips at the door, an application, an acceptance, codes and tokens in addresses."""
    slip(live_portal)
    means = {"pause_making": lambda: lambda: None, "await_quiet": lambda: None}
    stage = Stage(live_portal.base_url, print, **means, out=tmp_path_factory.mktemp("papers"))
    citizen = stage.citizen(HANDLE)
    citizen.browser.open(f"/cases/{TYPED_NAME}", expect=404)
    answers = {**CLAIM, "claim.kind": "limb", "claim.cause": CAUSE, "delivery.address": STREET}
    matter = Matter(stage, citizen, citizen.apply(answers), "470102")
    matter.do("window", "accept", "ok")
    matter.await_phase("kind", "answered")
    yield matter.path
    stage.close()


def slip(instance: Instance) -> None:
    """Type what does not belong there, and open addresses that hold a code, a token, a name or a number."""
    number = load_people().person(HANDLE).id_no
    with httpx.Client(base_url=instance.base_url, follow_redirects=True) as client:
        for path in (f"/verify/{VERIFY_CODE}", f"/messages/stop/{STOP_TOKEN}", f"/no/{TYPED_NAME}/{number}"):
            client.get(path)
        client.get("/search", params={"q": TYPED_NAME})
        client.post("/api/v1/sign-ins", json={"kind": "citizen", "login": number, "password": SLIP})
        client.get("/api/v1/me", headers={"Authorization": f"Bearer {STOP_TOKEN}"})


def test_nothing_personal_stands_in_a_log(live_portal: Instance, case_path: str) -> None:
    person = load_people().person(HANDLE)
    personal = [person.name, person.id_no, str(person.phone), CAUSE, STREET, SLIP, TYPED_NAME, DEMO_PASSWORD]
    secret = [VERIFY_CODE, STOP_TOKEN, case_path]
    found = logs_of(live_portal)
    assert {"web.log", "relay.log", "worker.log"} <= set(found)
    assert len(found["web.log"]) > 1000
    traces = [(name, value) for name, text in found.items() for value in (*personal, *secret) if value in text]
    assert traces == []


def test_every_line_about_a_request_names_its_route_and_its_id(live_portal: Instance, case_path: str) -> None:
    requests = [line for line in lines_of(live_portal, "web") if line["event"] == "request"]
    routes = {line["route"] for line in requests}
    assert {"/cases/<uuid:case>", "/messages/stop/<token>", "unmatched"} <= routes
    assert all(line["request_id"] and line["method"] and line["status"] and "ms" in line for line in requests)


@pytest.mark.parametrize("name", ["web", "relay", "worker"])
def test_a_log_is_lines_of_json_from_the_first_to_the_last(live_portal: Instance, case_path: str, name: str) -> None:
    assert all("event" in line and "level" in line for line in lines_of(live_portal, name))


def test_a_request_is_found_by_the_id_that_the_caller_gave(live_portal: Instance) -> None:
    answer = httpx.get(f"{live_portal.base_url}/verify", headers={"X-Request-Id": "trace-0a1b2c3d"})
    assert answer.headers["X-Request-Id"] == "trace-0a1b2c3d"
    found = [line for line in lines_of(live_portal, "web") if line.get("request_id") == "trace-0a1b2c3d"]
    assert [line["route"] for line in found] == ["/verify"]


def test_every_process_is_alive_to_the_portal_and_to_the_doctor(live_portal: Instance) -> None:
    deadline = time.monotonic() + 30
    while True:
        answer = httpx.get(f"{live_portal.base_url}/readyz")
        body = answer.json()
        if set(body["last_beat_s"]) == {"web", "relay", "worker"}:
            break
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert answer.status_code == 200
    assert max(body["last_beat_s"].values()) < 30
    assert set(body["dependencies"]) == {"database", "migrations", "clock", "keys", "files", "broker"}
    assert set(body["departments"]) >= {"police", "civil", "cdpf", "health", "post", "finance"}


def test_the_figures_are_shut_unless_somebody_opens_them(live_portal: Instance) -> None:
    assert httpx.get(f"{live_portal.base_url}/metrics").status_code == 403
