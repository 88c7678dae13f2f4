"""A department's process lets in nobody but the platform, once per statement, and keeps its things to itself."""

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from gov_portal.exchange.adapters.assertion import PRIVATE_NAME, ClientKey
from gov_portal.exchange.adapters.rest import RestConnector
from gov_portal.exchange.domain import AnswerKind, Failure, Operation, ResourceId, SystemId
from gov_portal.exchange.ports import ProviderFailed
from gov_portal.kernel import outside
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.places import Places
from gov_portal.sandbox.faults import Faults
from gov_portal.wiring.to_monitoring import Measured
from tests.factories.departments import RunningDepartment, running
from tests.factories.exchange import CASE_NUMBER, a_provider_request, a_shipment, id_no

pytestmark = pytest.mark.xdist_group("department")
"""Else each worker would start the department anew."""

PATH = "/v1/query/police.person"
BODY = json.dumps({"key": id_no(), "fields": ["name"]}).encode()
SANDBOX = (sys.executable, "-m", "gov_portal.cli.sandbox")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def key(folder: Path) -> OKPKey:
    ClientKey.at(folder / "secrets")
    return OKPKey.import_key(json.loads((folder / "secrets" / PRIVATE_NAME).read_text()))


@pytest.fixture(scope="module")
def police(folder: Path, key: OKPKey) -> Iterator[RunningDepartment]:
    with running("police", store=folder, secrets_dir=folder / "secrets") as department:
        yield department


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    right = {
        "iss": "urn:gov:platform",
        "aud": "urn:gov:system:police",
        "iat": now,
        "exp": now + 60,
        "jti": f"test-{time.monotonic_ns()}",
        "resource": "police.person",
        "operation": "query",
        "purpose": "cdpf-card",
        "case_number": CASE_NUMBER,
        "body_sha256": sha256(BODY).hexdigest(),
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def signed(key: OKPKey, **changes: object) -> str:
    return jwt.encode({"alg": "Ed25519"}, claims(**changes), key, algorithms=["Ed25519"])


def post(department: RunningDepartment, token: str | None, *, body: bytes = BODY, path: str = PATH) -> tuple[int, dict]:
    connection = http.client.HTTPConnection(urlsplit(department.address).netloc, timeout=5)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    connection.request("POST", path, body=body, headers=headers)
    response = connection.getresponse()
    content = json.loads(response.read())
    connection.close()
    return response.status, content


def test_the_platform_is_let_in(police, key) -> None:
    assert post(police, signed(key)) == (200, {"result": "found", "rows": [{"name": "林晓禾"}]})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "urn:gov:system:civil"}, "aud"),
        ({"iss": "urn:gov:somebody"}, "iss"),
        ({"resource": "police.dogs"}, "resource"),
        ({"operation": "check"}, "operation"),
        ({"body_sha256": sha256(b"{}").hexdigest()}, "body_sha256"),
        ({"iat": int(time.time()) - 120, "exp": int(time.time()) - 60}, "expired"),
        ({"iat": int(time.time()) + 3600, "exp": int(time.time()) + 3660}, "not valid yet"),
        ({"exp": int(time.time()) + 3600}, "expired or is not valid"),
        ({"exp": None}, "no times"),
        ({"jti": None}, "used before"),
    ],
)
def test_a_statement_that_is_not_right_is_refused(police, key, changes, why) -> None:
    status, problem = post(police, signed(key, **changes))
    assert status == 401
    assert why in problem["title"]


def test_a_statement_works_once(police, key) -> None:
    token = signed(key)
    assert [post(police, token)[0], post(police, token)[0]] == [200, 401]


def test_a_statement_works_once_even_for_many_at_the_same_time(police, key) -> None:
    token = signed(key)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: post(police, token)[0], range(8)))
    assert sorted(statuses) == [200] + [401] * 7


def test_a_foreign_signature_is_refused(police) -> None:
    assert post(police, signed(OKPKey.generate_key("Ed25519")))[0] == 401


def test_no_signature_and_other_algorithms_are_refused(police) -> None:
    for token in (None, "a.b.c", "", jwt.encode({"alg": "HS256"}, claims(), OctKey.generate_key(256))):
        assert post(police, token)[0] == 401


@pytest.mark.parametrize("path", ["/", "/v1/query", "/v1/query/police.person/more", "/v2/query/police.person"])
def test_another_path_is_not_found(police, key, path) -> None:
    assert post(police, signed(key), path=path)[0] == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(police, key, body) -> None:
    status, _ = post(police, signed(key, body_sha256=sha256(body).hexdigest()), body=body)
    assert status == 400


def test_a_body_that_is_too_large_is_not_read(police, key) -> None:
    connection = http.client.HTTPConnection(urlsplit(police.address).netloc, timeout=5)
    connection.putrequest("POST", PATH)
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_the_log_of_a_department_names_the_case_and_no_person(police, folder) -> None:
    connector = RestConnector({"police": police.address}, key=ClientKey.at(folder / "secrets"))
    connector.call(a_provider_request())
    connector.close()
    line = json.loads(police.log().splitlines()[-1])
    assert (line["case_number"], line["purpose"], line["status"]) == (CASE_NUMBER, "cdpf-card", 200)
    assert id_no() not in police.log()
    assert "林晓禾" not in police.log()


def test_latency_below_the_time_out_is_waited_for(police, folder) -> None:
    connector = RestConnector({"police": police.address}, key=ClientKey.at(folder / "secrets"), timeout_s=2)
    police.set_faults(Faults(latency_ms=300))
    started = time.monotonic()
    assert connector.call(a_provider_request()).kind is AnswerKind.FOUND
    assert time.monotonic() - started >= 0.3
    police.set_faults(Faults())
    connector.close()


def test_who_waits_for_a_department_lets_others_use_their_place(police, folder) -> None:
    rest = RestConnector({"police": police.address}, key=ClientKey.at(folder / "secrets"), timeout_s=2)
    connector = Measured(rest, Tally())
    police.set_faults(Faults(latency_ms=300))
    places = Places(0)
    outside.place.set(places)
    with ThreadPoolExecutor(1) as pool:
        is_taken = pool.submit(places.take, patience_s=2)
        pool.submit(places.give_back)
        connector.call(a_provider_request())
    outside.place.set(None)
    assert is_taken.result()
    assert not places.take(patience_s=0)
    police.set_faults(Faults())
    connector.close()


def test_a_department_that_was_killed_is_unavailable_until_it_is_back(tmp_path) -> None:
    key = ClientKey.at(tmp_path / "secrets")
    with running("post", store=tmp_path, secrets_dir=tmp_path / "secrets") as post_office:
        connector = RestConnector({"post": post_office.address}, key=key)
        shipment = a_provider_request(
            system=SystemId("post"),
            resource=ResourceId("post.shipment"),
            operation=Operation.PUSH,
            body={"key": id_no(), "content": dict(a_shipment().body)},
        )
        assert connector.call(shipment).kind is AnswerKind.DONE
        post_office.process.send_signal(signal.SIGKILL)
        post_office.process.wait()
        with pytest.raises(ProviderFailed) as fault:
            connector.call(shipment)
        assert fault.value.failure is Failure.PROVIDER
        port = urlsplit(post_office.address).port or 0
    with running("post", store=tmp_path, secrets_dir=tmp_path / "secrets", port=port) as post_office:
        assert connector.call(shipment).kind is AnswerKind.DONE
        assert len(post_office.received()) == 1
    connector.close()


def test_a_department_may_start_before_the_platform_has_a_key(tmp_path) -> None:
    with running("police", store=tmp_path, secrets_dir=tmp_path / "secrets") as department:
        late = RestConnector({"police": department.address}, key=ClientKey.at(tmp_path / "other"))
        with pytest.raises(ProviderFailed) as fault:
            late.call(a_provider_request())
        assert fault.value.failure is Failure.PROVIDER
        connector = RestConnector({"police": department.address}, key=ClientKey.at(tmp_path / "secrets"))
        assert connector.call(a_provider_request()).kind is AnswerKind.FOUND
        late.close()
        connector.close()


def command(*arguments: str) -> str:
    return subprocess.run([*SANDBOX, *arguments], check=True, capture_output=True, text=True).stdout


def test_the_command_switches_a_running_department(police, folder) -> None:
    connector = RestConnector({"police": police.address}, key=ClientKey.at(folder / "secrets"))
    store = ("--store", str(folder))
    assert "down (closed)" in command("fault", "police", *store, "--down")
    with pytest.raises(ProviderFailed):
        connector.call(a_provider_request())
    assert "up, latency 0 ms, answers absent" in command("fault", "police", *store, "--up", "--answer", "absent")
    assert connector.call(a_provider_request()).kind is AnswerKind.ABSENT
    assert "answers the truth" in command("fault", "police", *store, "--up")
    assert connector.call(a_provider_request()).kind is AnswerKind.FOUND
    connector.close()


def test_the_command_lists_the_people() -> None:
    listed = command("people")
    assert "rare_plane_two" in listed and id_no("stranger") in listed and "孙明玥" in listed


def test_an_address_that_is_not_set_is_an_outage(folder, key) -> None:
    connector = RestConnector({}, key=ClientKey.at(folder / "secrets"))
    with pytest.raises(ProviderFailed, match="no address"):
        connector.call(a_provider_request())
    connector.close()
