"""The compose files start what exists, in an order that can end, with settings that the platform takes."""

import json
import re
import shlex
from pathlib import Path

import pytest

from gov_portal.sandbox.departments import DEPARTMENTS
from gov_portal.web.base.limits import MAX_UPLOAD_BYTES
from tests.factories.deployed import DEPLOY, OURS, ROOT, documents, routes, settings_from, substituted, variables
from tests.factories.gov_commands import check

(WHOLE,) = documents(DEPLOY / "compose.yaml")
(SANDBOX,) = documents(DEPLOY / "compose.sandbox.yaml")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (DEPLOY / "compose" / "gov.env.example").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)
GIVEN = {name: value or "chosen" for name, value in EXAMPLE.items()}
PROXY = (DEPLOY / "compose" / "proxy.conf").read_text("utf-8")
SERVICES: dict[str, dict] = {
    **WHOLE["services"],
    **{name: one for name, one in SANDBOX["services"].items() if "image" in one},
}
PLATFORM = {name: one for name, one in SERVICES.items() if one["image"].startswith(OURS)}


def environment(name: str, *, is_sandbox: bool = False) -> dict[str, str]:
    """Return what a service finds in its environment."""
    over = SANDBOX["services"].get(name, {}).get("environment", {}) if is_sandbox else {}
    return {key: substituted(value, GIVEN) for key, value in {**SERVICES[name].get("environment", {}), **over}.items()}


@pytest.mark.parametrize("name", PLATFORM)
def test_a_service_runs_a_command_that_exists(name: str) -> None:
    check(shlex.join(["gov", *PLATFORM[name]["command"]]))


@pytest.mark.parametrize("name", [name for name in WHOLE["services"] if name in PLATFORM])
@pytest.mark.parametrize("is_sandbox", [False, True])
def test_the_platform_takes_its_settings(name: str, is_sandbox: bool, tmp_path: Path) -> None:
    given = environment(name, is_sandbox=is_sandbox)
    assert set(given) <= variables()
    settings = settings_from(given, tmp_path)
    expected = is_sandbox and name in SANDBOX["services"]
    assert (settings.is_sandbox, set(settings.departments)) == (expected, set(DEPARTMENTS) if expected else set())


def test_only_what_changes_the_schema_knows_the_owner() -> None:
    owners = {name for name in PLATFORM if "DATABASE_OWNER_URL" in PLATFORM[name].get("environment", {})}
    assert owners == {"migrate", "keys", "publish", "maintain"}


def test_web_relay_and_worker_wait_for_schema_keys_and_items() -> None:
    def before(name: str) -> set[str]:
        found = set(SERVICES[name].get("depends_on", {}))
        return found | {far for near in found for far in before(near)}

    for role in ("web", "relay", "worker"):
        assert {"database", "broker", "migrate", "keys", "publish"} <= before(role)
        conditions = {one["condition"] for one in SERVICES[role]["depends_on"].values()}
        assert conditions <= {"service_healthy", "service_completed_successfully"}
    assert "web" in before("proxy")


def test_every_image_is_pinned_and_ours_is_this_release() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    images = {one["image"] for one in SERVICES.values()}
    assert f"{OURS}{version[1]}" in images
    assert [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-\w+)?$", image)] == []


@pytest.mark.parametrize("name", PLATFORM)
def test_our_processes_may_change_nothing_but_their_folders(name: str) -> None:
    service = PLATFORM[name]
    if name == "people":
        return
    assert service["read_only"] is True
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])


def test_nothing_that_is_named_is_missing() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service.get("networks", [])) <= set(WHOLE["networks"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith("./") else source in WHOLE["volumes"], volume


def test_passwords_are_asked_for_and_none_is_written_down() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8") + (DEPLOY / "compose.sandbox.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert asked == set(EXAMPLE)
    assert [name for name in EXAMPLE if "PASSWORD" in name and EXAMPLE[name]] == []
    assert [name for name in asked if f"${{{name}:?" not in text] == []


def test_only_the_proxy_has_a_door() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]


def test_the_proxy_takes_whole_requests_and_says_itself_who_asks() -> None:
    assert "proxy_request_buffering on;" in PROXY
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in PROXY
    assert int(re.findall(r"client_max_body_size (\d+)m;", PROXY)[0]) * 1024 * 1024 > MAX_UPLOAD_BYTES
    assert set(re.findall(r"location = (/\w+)", PROXY)) <= routes()
    subnet = WHOLE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert environment("web")["GOV_TRUSTED_PROXIES"] == subnet
    assert "http://web:8000;" in PROXY and '"8000"' in json.dumps(SERVICES["web"]["command"])


def test_every_department_has_a_process_where_the_platform_looks_for_it() -> None:
    named = json.loads(environment("web", is_sandbox=True)["GOV_DEPARTMENTS"])
    for department, address in named.items():
        command = SERVICES[department]["command"]
        assert command[:3] == ["sandbox", "serve", department]
        assert address == f"http://{department}:{command[command.index('--port') + 1]}"
