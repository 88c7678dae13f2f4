from pathlib import Path

import pytest

from gov_portal.settings import Settings, SettingsInvalid


def environ(folder: Path, **changes: str) -> dict[str, str]:
    good = {"DATABASE_URL": "postgresql://gov_app@/gov", "GOV_SECRETS_DIR": str(folder), "GOV_FILES_DIR": str(folder)}
    return good | changes


def test_few_variables_are_enough(tmp_path: Path) -> None:
    settings = Settings.from_environment(environ(tmp_path))
    assert (settings.broker_url, settings.is_sandbox, settings.province) == ("", False, "470000")
    assert settings.database_owner_url == settings.database_url


def test_a_setting_that_is_not_set_is_what_a_program_has_that_does_not_name_it(tmp_path: Path) -> None:
    read = Settings.from_environment(environ(tmp_path, BROKER_URL=""))
    assert read == Settings("postgresql://gov_app@/gov", "postgresql://gov_app@/gov", tmp_path, tmp_path)


@pytest.mark.parametrize("broker", ["redis://broker", "rediss://broker", "amqp://broker", "amqps://broker//gov"])
def test_both_brokers_are_known(tmp_path: Path, broker: str) -> None:
    assert Settings.from_environment(environ(tmp_path, BROKER_URL=broker)).broker_url == broker


def test_a_database_may_have_several_hosts_of_which_one_takes_writes(tmp_path: Path) -> None:
    url = "postgresql://gov_app@a:5432,b:5433/gov?target_session_attrs=read-write"
    assert Settings.from_environment(environ(tmp_path, DATABASE_URL=url)).database_url == url


def test_a_sandbox_names_its_departments(tmp_path: Path) -> None:
    departments = '{"police": "http://127.0.0.1:9001/"}'
    changes = {"GOV_SANDBOX": "1", "GOV_CLOCK": "simulated", "GOV_DEPARTMENTS": departments}
    settings = Settings.from_environment(environ(tmp_path, **changes))
    assert settings.is_clock_simulated
    assert settings.departments == {"police": "http://127.0.0.1:9001"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///x"),
        ("DATABASE_URL", "postgresql://gov_app@a,b/gov"),
        ("DATABASE_URL", "postgresql://gov_app@a/gov?nonsense=1"),
        ("BROKER_URL", "kafka://x"),
        ("BROKER_URL", "redis"),
        ("GOV_SECRETS_DIR", "/nowhere/at/all"),
        ("GOV_FILES_DIR", ""),
        ("GOV_FONTS_DIR", "/nowhere/at/all"),
        ("GOV_CLOCK", "simulated"),
        ("GOV_CLOCK", "fast"),
        ("GOV_SANDBOX", "yes"),
        ("GOV_DEPARTMENTS", "{"),
        ("GOV_DEPARTMENTS", "[]"),
        ("GOV_DEPARTMENTS", '{"police": "file:///etc"}'),
        ("GOV_LIMITS", "[]"),
        ("GOV_LIMITS", '{"police": 8}'),
        ("GOV_LIMITS", '{"system:police": 0}'),
        ("GOV_LIMITS", '{"system:police": true}'),
        ("GOV_BASE_URL", "ftp://x"),
        ("GOV_LOG_LEVEL", "loud"),
        ("GOV_PROVINCE", "470101"),
        ("GOV_CALENDAR_FILE", "/nowhere/at/all"),
        ("GOV_CALENDAR_FILE", __file__),
        ("GOV_UNDO_S", "61"),
        ("GOV_WEB_AT_ONCE", "0"),
        ("GOV_METRICS_NETWORKS", "10.0.0.0/8, everybody"),
        ("GOV_MAIL_FROM", "nobody"),
    ],
)
def test_a_fault_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment(environ(tmp_path, **{name: value}))
    (fault,) = refusal.value.faults
    assert fault.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "changes"),
    [("GOV_MAIL_FROM", {"GOV_SMTP_URL": "smtp://mail"}), ("GOV_TSA_ROOTS", {"GOV_TSA_URL": "https://tsa.example"})],
)
def test_a_setting_may_demand_another(tmp_path: Path, name: str, changes: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment(environ(tmp_path, **changes))
    assert refusal.value.faults == (f"{name}: is missing, since {next(iter(changes))} is set",)


def test_all_faults_are_listed_at_once() -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment({"GOV_SANDBOX": "2", "GOV_LOG_LEVEL": "loud"})
    names = {fault.partition(":")[0] for fault in refusal.value.faults}
    assert names == {"DATABASE_URL", "GOV_SECRETS_DIR", "GOV_FILES_DIR", "GOV_SANDBOX", "GOV_LOG_LEVEL"}


def test_a_fault_does_not_repeat_a_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment(environ(tmp_path, DATABASE_URL="mysql://gov:secret@db/gov"))
    assert "secret" not in str(refusal.value)


def test_settings_that_are_shown_keep_their_secrets(tmp_path: Path) -> None:
    secrets = {
        "DATABASE_URL": "postgresql://gov_app:hush@/gov",
        "BROKER_URL": "amqp://a:hush@broker",
        "GOV_SMTP_URL": "smtp://a:hush@mail",
        "GOV_SMS_TOKEN": "hush",
        "GOV_METRICS_TOKEN": "hush",
    }
    assert "hush" not in repr(Settings.from_environment(environ(tmp_path, GOV_MAIL_FROM="a@b.example", **secrets)))
