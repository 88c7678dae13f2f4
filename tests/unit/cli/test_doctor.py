"""What the doctor says is in plain words: what is wrong, and what to do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import psycopg
import pytest

from gov_portal.cli.doctor import findings
from gov_portal.cli.doctor.findings import GIB, Finding, Level
from gov_portal.cli.doctor.production import of_settings
from gov_portal.kernel.monitoring.readiness import HANGING, NOT_ASKED, Dependency
from gov_portal.kernel.outbox import Depth
from gov_portal.settings import Settings
from gov_portal.wiring.checks import BROKER, CLOCK, DATABASE, FILES, KEYS, MIGRATIONS, why_refused

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
FIT = Settings(
    "postgresql://gov_app@db.example/gov?sslmode=verify-full",
    "postgresql://gov_owner@db.example/gov",
    Path("/secrets"),
    Path("/files"),
    broker_url="rediss://broker.example",
    base_url="https://portal.example",
    sms_url="https://sms.example",
    metrics_token="t",
    trusted_proxies=(ip_network("10.0.0.0/8"),),
    tsa_url="https://tsa.example",
    tsa_roots=Path("/tsa.pem"),
)


def only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize("name", [DATABASE, MIGRATIONS, CLOCK, KEYS, FILES, BROKER])
def test_every_dependency_that_fails_has_words_and_a_remedy(name: str) -> None:
    found = only(findings.of_dependencies([Dependency(name, "some-reason", 0)]))
    assert found.level is Level.PROBLEM
    assert found.code == name
    assert "some-reason" in found.what
    assert len(found.remedy) > 20


def test_what_is_well_or_was_not_asked_is_not_told() -> None:
    assert findings.of_dependencies([Dependency("database", "", 3), Dependency("clock", NOT_ASKED, 0)]) == []


def test_a_hanging_server_is_told_from_one_that_refuses() -> None:
    found = only(findings.of_dependencies([Dependency("broker", HANGING, 1500)]))
    assert found.what == "the broker cannot be reached: it takes the connection and says nothing"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unreachable", "start PostgreSQL"),
        ("wrong-password", "password into DATABASE_URL"),
        ("not-admitted", "pg_hba.conf"),
        ("no-such-database", "restored from its backup"),
        ("no-connection-free", "max_connections"),
        ("starting", "its log says how far"),
    ],
)
def test_why_the_database_lets_nobody_in_decides_what_to_do(reason: str, words: str) -> None:
    assert words in only(findings.of_dependencies([Dependency("database", reason, 0)])).remedy


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('connection failed: FATAL:  password authentication failed for user "gov_app"', "wrong-password"),
        ('致命错误:  用户 "gov_app" Password 认证失败', "wrong-password"),
        ("fe_sendauth: no password supplied", "wrong-password"),
        ('FATAL:  database "gov" does not exist', "no-such-database"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "not-admitted"),
        ("FATAL:  sorry, too many clients already", "no-connection-free"),
        ("FATAL:  the database system is starting up", "starting"),
        ("connection refused", "unreachable"),
    ],
)
def test_what_a_server_says_at_its_door_becomes_a_code(words: str, code: str) -> None:
    assert why_refused(psycopg.OperationalError(words)) == code


def test_a_broker_that_is_away_stops_no_page_and_loses_nothing() -> None:
    remedy = only(findings.of_dependencies([Dependency("broker", "unreachable", 0)])).remedy
    assert "pages, acts and deadlines go on" in remedy
    assert "none is lost" in remedy


def test_a_database_that_cannot_be_written_to_is_told_by_why() -> None:
    standby = only(findings.of_writing(is_standby=True, is_read_only=True))
    assert (standby.code, standby.level) == ("database-read-only", Level.PROBLEM)
    assert "target_session_attrs=read-write" in standby.remedy
    assert "default_transaction_read_only" in only(findings.of_writing(is_standby=False, is_read_only=True)).remedy
    assert findings.of_writing(is_standby=False, is_read_only=False) == []


def test_parked_work_must_be_decided_about() -> None:
    found = only(findings.of_outbox([Depth("case.call", 0, 0, 0, parked=2)]))
    assert (found.level, found.code) == (Level.PROBLEM, "work-parked")
    assert "gov work list" in found.remedy


def test_deadlines_that_do_not_fire_are_told_after_ten_minutes() -> None:
    assert findings.of_timers(-86_400) == findings.of_timers(600) == []
    assert "due for 3 h" in only(findings.of_timers(10_800)).what


@pytest.mark.parametrize(
    ("today", "official", "level"),
    [
        (date(2026, 11, 30), {2026}, []),
        (date(2026, 12, 1), {2026}, [Level.WARNING]),
        (date(2026, 12, 31), {2026, 2027}, []),
        (date(2027, 1, 1), {2026}, [Level.PROBLEM]),
    ],
)
def test_a_year_without_its_days_off_is_told_in_time(today: date, official: set[int], level: list[Level]) -> None:
    assert [one.level for one in findings.of_calendar(official, today=today)] == level


def test_a_missing_key_is_restored_and_made_only_on_a_new_installation() -> None:
    remedy = only(findings.of_dependencies([Dependency("keys", "missing master.key", 0)])).remedy
    assert remedy.startswith("restore the secrets folder from its backup")
    assert "only on a new installation does `gov keys make` make it" in remedy


def test_a_process_that_died_is_told_with_its_last_beat() -> None:
    found = only(findings.of_processes({"web": 4, "relay": 600, "worker": 9}, has_broker=True))
    assert (found.level, found.code) == (Level.PROBLEM, "no-relay")
    assert "deadlines do not fire" in found.what
    assert "last alive 10 min ago" in found.what


def test_without_a_broker_no_worker_is_wanted() -> None:
    assert findings.of_processes({"web": 4, "relay": 6}, has_broker=False) == []
    assert codes(findings.of_processes({}, has_broker=False)) == ["no-web", "no-relay"]


def test_an_outbox_that_does_not_flow_is_a_problem_and_one_that_retries_a_warning() -> None:
    assert findings.of_outbox([Depth("case.call", 40, 0, 59)]) == []
    lag = only(findings.of_outbox([Depth("case.call", 40, 0, 7300)]))
    assert (lag.level, lag.code) == (Level.PROBLEM, "outbox-lag")
    assert "the oldest ready for 2 h" in lag.what
    retried = only(findings.of_outbox([Depth("case.call", 40, 3, 0)]))
    assert (retried.level, retried.code) == (Level.WARNING, "outbox-failing")
    assert "3 of 40" in retried.what


def test_what_was_put_aside_is_told() -> None:
    found = findings.of_backlog({"email": 2, "sms": 5}, dead=7, disabled=1)
    assert codes(found) == ["messages-parked", "messages-parked", "webhooks-dead", "webhooks-disabled"]
    assert findings.of_backlog({}, dead=0, disabled=0) == []


@pytest.mark.parametrize(
    ("is_unsealed", "tried", "expected"),
    [
        (False, None, []),
        (True, timedelta(minutes=2), []),
        (True, timedelta(minutes=11), ["ledger-unsealed"]),
        (True, None, ["ledger-unsealed"]),
    ],
    ids=["nothing to seal", "sealed lately", "seal fails", "nobody seals"],
)
def test_a_ledger_that_is_long_unsealed_is_a_problem(is_unsealed, tried, expected) -> None:
    tried_at = None if tried is None else NOW - tried
    assert codes(findings.of_ledger(is_unsealed=is_unsealed, tried_at=tried_at, now=NOW)) == expected


def test_certificates_are_told_a_month_before_their_end() -> None:
    ends = {"a": NOW + timedelta(days=31), "b": NOW + timedelta(days=29), "c": NOW}
    found = findings.of_certificates(ends, now=NOW)
    assert [(one.code, one.level) for one in found] == [
        ("certificate-ends", Level.WARNING),
        ("certificate-ended", Level.PROBLEM),
    ]
    assert "2026-12-26" in found[0].what


@pytest.mark.parametrize(
    ("free", "total", "levels"),
    [
        (200 * GIB, 1000 * GIB, []),
        (40 * GIB, 1000 * GIB, [Level.WARNING]),
        (9 * GIB, 1000 * GIB, [Level.PROBLEM]),
        (GIB // 2, 8 * GIB, [Level.WARNING]),
    ],
)
def test_a_disk_is_told_before_it_is_full(free: int, total: int, levels: list[Level]) -> None:
    assert [one.level for one in findings.of_disk("GOV_FILES_DIR", free=free, total=total)] == levels


def test_secrets_that_others_may_read_are_a_problem() -> None:
    assert findings.of_secrets({"/secrets": 0o700, "/secrets/master.key": 0o600}) == []
    found = only(findings.of_secrets({"/secrets": 0o755, "/secrets/master.key": 0o640}))
    assert found.level is Level.PROBLEM
    assert "/secrets/master.key" in found.what


def test_what_else_may_be_wrong_is_said() -> None:
    assert only(findings.of_exchange({"police": ["web@a:1"]})).code == "exchange"
    assert only(findings.of_fonts("/fonts lacks Noto Serif CJK SC")).level is Level.PROBLEM
    assert only(findings.of_partitions([date(2026, 12, 1)])).what.startswith("the ledger has no partition for 2026-12")
    assert only(findings.of_stuck(2)).remedy.startswith("run `gov cases sweep`")
    assert only(findings.of_ledger_rights(may_change=True)).code == "ledger-rights"
    assert [findings.of_fonts(""), findings.of_partitions([]), findings.of_stuck(0)] == [[], [], []]
    assert findings.of_ledger_rights(may_change=False) == []


def test_every_fault_of_the_environment_is_told() -> None:
    faults = ["DATABASE_URL: is missing", "GOV_FILES_DIR: is missing"]
    assert [one.what for one in findings.of_settings_faults(faults)] == faults


def test_fit_settings_are_not_spoken_of() -> None:
    assert of_settings(FIT, is_compiled=True) == []


def test_an_engine_that_nobody_compiled_is_a_note_and_no_fault() -> None:
    found = only(of_settings(FIT, is_compiled=False))
    assert (found.code, found.level) == ("engine-from-source", Level.NOTE)
    assert "make native" in found.remedy


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"base_url": "http://portal.example"}, [("no-tls", Level.PROBLEM)]),
        ({"trusted_proxies": ()}, [("proxies", Level.WARNING)]),
        ({"sms_url": ""}, [("no-sms", Level.PROBLEM)]),
        ({"sms_url": "http://sms.example"}, [("plain-way", Level.WARNING)]),
        ({"broker_url": "redis://broker.example"}, [("plain-way", Level.WARNING)]),
        ({"broker_url": "redis://127.0.0.1"}, []),
        ({"broker_url": "redis+socket:///run/redis.sock"}, []),
        ({"smtp_url": "smtp+plain://mail.example"}, [("plain-way", Level.WARNING)]),
        ({"departments": {"police": "http://police.example"}}, [("plain-way", Level.WARNING)]),
        ({"database_url": "postgresql://gov_app@db.example/gov"}, [("plain-way", Level.WARNING)]),
        ({"database_url": "postgresql://gov_app@localhost,db.example/gov"}, [("plain-way", Level.WARNING)]),
        ({"database_url": "postgresql://gov_app@/gov?host=db.example"}, [("plain-way", Level.WARNING)]),
        ({"database_url": "postgresql://gov_app@/gov?host=/run/postgresql"}, []),
        ({"broker_url": "amqp://broker.example"}, [("plain-way", Level.WARNING)]),
        ({"log_level": "debug"}, [("debug", Level.NOTE)]),
        ({"tsa_url": ""}, [("no-time-stamps", Level.WARNING)]),
        ({"metrics_token": ""}, [("no-metrics", Level.NOTE)]),
        ({"is_sandbox": True, "sms_url": "", "base_url": "http://127.0.0.1:8000"}, [("sandbox", Level.NOTE)]),
    ],
)
def test_settings_that_are_not_fit_for_real_people(changed: dict, expected: list) -> None:
    assert [(one.code, one.level) for one in of_settings(replace(FIT, **changed), is_compiled=True)] == expected


def test_no_secret_is_repeated() -> None:
    secret = replace(FIT, sms_url="http://user:geheim@sms.example", database_url="postgresql://a:geheim@db.example/gov")
    assert "geheim" not in str(of_settings(secret, is_compiled=True))
