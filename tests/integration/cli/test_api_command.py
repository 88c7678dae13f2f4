"""Operators let departments' systems in by commands; a secret is shown once and never again."""

import json
import re
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
import schemathesis
from click.testing import CliRunner, Result

from gov_portal.cli.api import api
from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.cli.openapi import openapi
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Officer
from gov_portal.messaging.posting import Poster
from gov_portal.messaging.webhook_views import WebhookView
from gov_portal.messaging.webhooks import Webhooks
from identity.domain.values import Unit
from identity.services.foundation import Foundation
from identity.services.officers import NewOfficer, Officers
from identity.services.systems import Systems

UNIT = Unit("dept.health", "470101", "hospital")


@pytest.fixture
def systems(database: Database, secrets_dir: Path) -> Systems:
    base = Foundation(database, KeyStore(database, FileKms(secrets_dir)), SystemClock())
    with database.begin() as uow:
        Officers(base).enter(uow, NewOfficer("w", "Wang", "12000000009", UNIT, ("assessor",)), password_hash="-")
    return Systems(base)


@pytest.fixture
def run_api(database_urls: DatabaseUrls, secrets_dir: Path, tmp_path: Path, systems: Systems):
    environ = {
        "DATABASE_URL": database_urls.app,
        "GOV_SECRETS_DIR": str(secrets_dir),
        "GOV_FILES_DIR": str(tmp_path),
    }

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(api, [*arguments], env=environ)

    return command


@pytest.fixture
def run(run_api):
    return partial(run_api, "key")


def created(run) -> tuple[str, str]:
    answer = run("create", "hospital system", "--unit", "dept.health@470101", "--role", "assessor")
    assert answer.exit_code == 0, answer.output
    return re.search(r"id +(\S+)", answer.output)[1], re.search(r"gsk_\S+", answer.output)[0]


def test_a_key_is_made_listed_rotated_and_revoked(run, systems: Systems) -> None:
    key, secret = created(run)
    assert systems.principal(secret) is not None
    listed = run("list").output
    assert key in listed
    assert secret not in listed
    second = re.search(r"gsk_\S+", run("rotate", key, "--overlap-hours", "1").output)[0]
    assert systems.principal(secret) == systems.principal(second)
    assert run("revoke", key).exit_code == 0
    assert systems.principal(secret) is None
    assert "revoked" in run("list").output


def test_a_refusal_is_one_line(run) -> None:
    answer = run("create", "x", "--unit", "dept.nowhere@470101", "--role", "assessor")
    assert (answer.exit_code, answer.output) == (1, "Error: refused: identity.unit-unknown\n")


@pytest.fixture
def webhook(database: Database, secrets_dir: Path) -> WebhookView:
    keys = KeyStore(database, FileKms(secrets_dir))
    unit = Officer(OfficerId(UUID(int=1)), "dept.health", "470101", frozenset())
    events = ["case.closed"]
    return Webhooks(database, keys=keys, poster=Poster()).subscribe("https://hooks.example/in", events, by=unit).webhook


def test_a_webhook_is_tested_paused_replayed_and_resumed(run_api, webhook: WebhookView) -> None:
    def hook(*arguments: str) -> str:
        answer = run_api("webhook", *arguments)
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert re.fullmatch(r"\S+  dept.health@470101  told  case.closed  https://hooks.example/in\n", hook("list"))
    delivery = hook("test", str(webhook.id)).split()[-1]
    hook("pause", str(webhook.id))
    assert "paused" in hook("list")
    assert hook("dead") == ""
    assert hook("replay", str(webhook.id), "--delivery", delivery) == "asked for 0 deliveries\n"
    assert hook("replay", str(webhook.id), "--since", "2026-03-02T09:00+0800") == "asked for 0 deliveries\n"
    hook("resume", str(webhook.id))
    assert "told" in hook("list")
    refused = run_api("webhook", "pause", str(UUID(int=5)))
    assert (refused.exit_code, refused.output) == (1, "Error: refused: webhook.unknown\n")


def test_the_document_is_written_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert CliRunner().invoke(openapi, ["--output", str(file)]).exit_code == 0
    document = json.loads(file.read_text("utf-8"))
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/external-tasks" in document["paths"]
    schemathesis.openapi.from_dict(document).validate()
