"""Read the settings from the environment once, at start, and name every fault at the same time."""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from gov_portal.kernel.working_days import Calendar

_LEVELS = ("debug", "info", "warning", "error")
_BROKERS = ("redis", "rediss", "redis+socket", "amqp", "amqps")
_LONGEST_UNDO_S = 60
_LIMITED = re.compile(r"(item|system):[a-z0-9][a-z0-9/._-]*")
_HIGHEST_LIMIT = 10_000
_MOST_THREADS = 200

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsInvalid(Exception):
    """Report every fault of the environment; a start stops here."""

    def __init__(self, faults: list[str]) -> None:
        """Keep one line per fault, each beginning with the variable's name."""
        self.faults = tuple(faults)
        super().__init__("settings are not valid:\n" + "\n".join(f"  {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what differs between installations.

    Attributes:
        database_url: PostgreSQL as the application's role; of several hosts, the one that takes writes.
        database_owner_url: as the owner of the tables, for migrations and maintenance only.
        broker_url: Redis or RabbitMQ for Celery; empty for a worker inside the process.
        secrets_dir: folder of master keys and signing keys.
        files_dir: folder of encrypted files.
        fonts_dir: folder with the Noto fonts.
        is_clock_simulated: business time stands still and is moved by hand; only in a sandbox.
        is_sandbox: the made-up province; everything carries 样本 (sample).
        departments: name -> base URL of each department system.
        base_url: public address of this installation, without a slash at the end.
        log_level: ``debug``, ``info``, ``warning`` or ``error``.
        province: division code of the province.
        calendar_file: working days that the shipped calendar does not know yet (GOV_CALENDAR_FILE).
        limits: ``item:…`` or ``system:…`` -> how many effects of it may be under way at once.
        undo_s: how many seconds an officer may undo an act; 0 lets acts take effect at once.
        smtp_url: mail server; empty for no e-mail.
        mail_from: address that e-mails come from.
        sms_url: gateway for text messages; empty for none but the sandbox's desk.
        sms_token: bearer token that the gateway asks for.
        metrics_token: bearer token that opens ``/metrics``; empty for none.
        metrics_networks: networks that may read ``/metrics`` without a token.
        tsa_url: time-stamp service that stamps the seals; empty for the sandbox's own, elsewhere for none.
        tsa_roots: file with the root certificates of that service.
        web_at_once: how many requests a web process serves at once.
        web_waiting: how many more may wait for a moment; who comes then is asked to come again.
        trusted_proxies: networks of our own reverse proxies, whose ``X-Forwarded-For`` is believed.
    """

    database_url: str
    database_owner_url: str
    secrets_dir: Path
    files_dir: Path
    broker_url: str = ""
    fonts_dir: Path | None = None
    is_clock_simulated: bool = False
    is_sandbox: bool = False
    departments: Mapping[str, str] = field(default_factory=dict)
    base_url: str = "http://127.0.0.1:8000"
    log_level: str = "info"
    province: str = "470000"
    calendar_file: Path | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    undo_s: int = 0
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    sms_url: str = ""
    sms_token: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    metrics_networks: tuple[Network, ...] = ()
    tsa_url: str = ""
    tsa_roots: Path | None = None
    web_at_once: int = 8
    web_waiting: int = 24
    trusted_proxies: tuple[Network, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check the variables named in ``docs/reference``.

        Raises:
            SettingsInvalid: at least one is missing or wrong; all of them are listed.
        """
        reader = _Reader(environ)
        is_sandbox = reader.flag("GOV_SANDBOX")
        clock = reader.choice("GOV_CLOCK", ("system", "simulated"), default="system")
        if clock == "simulated" and not is_sandbox:
            reader.faults.append("GOV_CLOCK: a simulated clock is allowed only with GOV_SANDBOX=1")
        database_url = reader.database("DATABASE_URL")
        settings = cls(
            database_url=database_url,
            database_owner_url=reader.database("DATABASE_OWNER_URL", default="") or database_url,
            broker_url=reader.url("BROKER_URL", _BROKERS, default=""),
            secrets_dir=reader.folder("GOV_SECRETS_DIR"),
            files_dir=reader.folder("GOV_FILES_DIR"),
            fonts_dir=reader.folder("GOV_FONTS_DIR") if environ.get("GOV_FONTS_DIR") else None,
            is_clock_simulated=clock == "simulated",
            is_sandbox=is_sandbox,
            departments=reader.departments("GOV_DEPARTMENTS"),
            base_url=reader.url("GOV_BASE_URL", ("http", "https"), default="http://127.0.0.1:8000").rstrip("/"),
            log_level=reader.choice("GOV_LOG_LEVEL", _LEVELS, default="info"),
            province=reader.province("GOV_PROVINCE", default="470000"),
            calendar_file=reader.calendar("GOV_CALENDAR_FILE"),
            limits=reader.limits("GOV_LIMITS"),
            undo_s=reader.number("GOV_UNDO_S", default=8, most=_LONGEST_UNDO_S),
            smtp_url=reader.url("GOV_SMTP_URL", ("smtp", "smtps", "smtp+plain"), default=""),
            mail_from=reader.mail_from("GOV_MAIL_FROM", needed_by="GOV_SMTP_URL"),
            sms_url=reader.url("GOV_SMS_URL", ("http", "https"), default=""),
            sms_token=environ.get("GOV_SMS_TOKEN", ""),
            metrics_token=environ.get("GOV_METRICS_TOKEN", ""),
            tsa_url=reader.url("GOV_TSA_URL", ("http", "https"), default=""),
            tsa_roots=reader.file("GOV_TSA_ROOTS", needed_by="GOV_TSA_URL"),
            metrics_networks=reader.networks("GOV_METRICS_NETWORKS"),
            web_at_once=reader.number("GOV_WEB_AT_ONCE", default=8, least=1, most=_MOST_THREADS),
            web_waiting=reader.number("GOV_WEB_WAITING", default=24, most=_MOST_THREADS),
            trusted_proxies=reader.networks("GOV_TRUSTED_PROXIES"),
        )
        if reader.faults:
            raise SettingsInvalid(reader.faults)
        return settings


class _Reader:
    """Read variables and collect the faults; values of secrets are never repeated in a fault."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def flag(self, name: str) -> bool:
        """Read 0 or 1."""
        value = self._environ.get(name, "0")
        if value not in ("0", "1"):
            self.faults.append(f"{name}: must be 0 or 1")
        return value == "1"

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str) -> str:
        """Read one of several words."""
        value = self._environ.get(name, default)
        if value not in allowed:
            self.faults.append(f"{name}: must be one of {', '.join(allowed)}")
        return value

    def number(self, name: str, *, default: int, most: int, least: int = 0) -> int:
        """Read a whole number from ``least`` to ``most``."""
        value = self._environ.get(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            self.faults.append(f"{name}: must be a whole number from {least} to {most}")
            return default
        return int(value)

    def url(self, name: str, schemes: tuple[str, ...], *, default: str | None = None) -> str:
        """Read an address; an empty default makes it optional."""
        value = self._environ.get(name) or default
        if value is None:
            self.faults.append(f"{name}: is missing")
            return ""
        if value and (urlsplit(value).scheme not in schemes or "://" not in value):
            self.faults.append(f"{name}: must be a URL beginning with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    def database(self, name: str, *, default: str | None = None) -> str:
        """Read an address of PostgreSQL; where it names several hosts, it must ask for the one that takes writes."""
        known = len(self.faults)
        value = self.url(name, ("postgresql",), default=default)
        if len(self.faults) > known:
            return value
        try:
            parts = conninfo_to_dict(value)
        except psycopg.ProgrammingError:
            self.faults.append(f"{name}: is not an address that PostgreSQL's clients can read")
            return value
        if "," in str(parts.get("host", "")) and parts.get("target_session_attrs") not in ("read-write", "primary"):
            self.faults.append(f"{name}: names several hosts, so it must end with target_session_attrs=read-write")
        return value

    def folder(self, name: str) -> Path:
        """Read the path of a folder that exists."""
        value = self._environ.get(name)
        if not value:
            self.faults.append(f"{name}: is missing")
            return Path()
        path = Path(value)
        if not path.is_dir():
            self.faults.append(f"{name}: {value} is not a folder")
        return path

    def file(self, name: str, *, needed_by: str) -> Path | None:
        """Read the path of a file that exists, which may be missing unless another variable is set."""
        value = self._environ.get(name)
        if not value:
            if self._environ.get(needed_by):
                self.faults.append(f"{name}: is missing, since {needed_by} is set")
            return None
        if not Path(value).is_file():
            self.faults.append(f"{name}: {value} is not a file")
        return Path(value)

    def _object(self, name: str, *, of: str) -> dict[str, object]:
        """Read a JSON object."""
        try:
            found = json.loads(self._environ.get(name) or "{}")
        except json.JSONDecodeError as error:
            self.faults.append(f"{name}: is not JSON (column {error.colno})")
            return {}
        if not isinstance(found, dict):
            self.faults.append(f"{name}: must be a JSON object of {of}")
            return {}
        return found

    def limits(self, name: str) -> Mapping[str, int]:
        """Read how much of what may be under way at once."""
        limits: dict[str, int] = {}
        for key, most in self._object(name, of="items or systems and numbers").items():
            if not _LIMITED.fullmatch(key):
                self.faults.append(f"{name}: {key} is neither item:NAME nor system:NAME")
            elif type(most) is not int or not 1 <= most <= _HIGHEST_LIMIT:
                self.faults.append(f"{name}: {key} must be a whole number from 1 to {_HIGHEST_LIMIT}")
            else:
                limits[key] = most
        return limits

    def departments(self, name: str) -> Mapping[str, str]:
        """Read names and addresses of department systems from a JSON object."""
        found = self._object(name, of="names and URLs")
        wrong = [key for key, url in found.items() if urlsplit(str(url)).scheme not in ("http", "https")]
        self.faults += [f"{name}: {key} must have an http or https URL" for key in wrong]
        return {key: str(url).rstrip("/") for key, url in found.items()}

    def mail_from(self, name: str, *, needed_by: str) -> str:
        """Read an e-mail address, which may be missing unless another variable is set."""
        value = self._environ.get(name, "")
        user, _, domain = value.rpartition("@")
        if (value or self._environ.get(needed_by)) and not (
            user and domain and value.isascii() and value.isprintable()
        ):
            self.faults.append(f"{name}: must be an e-mail address, since {needed_by} is set")
        return value

    def networks(self, name: str) -> tuple[Network, ...]:
        """Read networks such as ``10.0.0.0/8``, with commas between them."""
        found: list[Network] = []
        for text in filter(None, (part.strip() for part in self._environ.get(name, "").split(","))):
            try:
                found.append(ipaddress.ip_network(text))
            except ValueError:
                self.faults.append(f"{name}: {text} is not a network such as 10.0.0.0/8")
        return tuple(found)

    def calendar(self, name: str) -> Path | None:
        """Read the path of a calendar file that can be read; empty for none."""
        value = self._environ.get(name)
        if not value:
            return None
        path = Path(value)
        try:
            Calendar.official(path)
        except (OSError, ValueError) as fault:
            self.faults.append(f"{name}: {value} is not a calendar: {fault}")
        return path

    def province(self, name: str, *, default: str) -> str:
        """Read the division code of a province."""
        value = self._environ.get(name, default)
        if not (len(value) == 6 and value.isascii() and value.isdigit() and value.endswith("0000")):
            self.faults.append(f"{name}: must be a division code of a province, such as 470000")
        return value
