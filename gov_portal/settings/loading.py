"""Read the settings from the environment once, at start, and name every fault at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from gov_portal.settings import readers as read
from gov_portal.settings.readers import Network
from gov_portal.settings.variables import Variable, variable_of

_LONGEST_UNDO_S = 60
_MOST_THREADS = 200


class SettingsInvalid(Exception):
    """Report every fault of the environment; a start stops here."""

    def __init__(self, faults: list[str]) -> None:
        """Keep one line per fault, each beginning with the variable's name."""
        self.faults = tuple(faults)
        super().__init__("settings are not valid:\n" + "\n".join(f"  {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what differs between installations; the words beside each are those of the reference."""

    database_url: str = Variable(
        "DATABASE_URL",
        read.database,
        "PostgreSQL 18 as the application's role: `postgresql://…`; it may "
        "[name several hosts](../how-to/run-several-machines.md#a-database-with-a-standby)",
        default=None,
        is_secret=True,
    ).field()
    database_owner_url: str = Variable(
        "DATABASE_OWNER_URL",
        read.database,
        "the same database as the owner of the tables, for migrations and partitions only",
        default=None,
        same_as="DATABASE_URL",
        is_secret=True,
    ).field()
    secrets_dir: Path = Variable(
        "GOV_SECRETS_DIR",
        read.folder,
        "folder of master keys and signing keys, which `gov keys make` makes once; keep it from everyone else, and "
        "a copy [apart from the database](../how-to/run-and-watch.md#the-keys)",
        default=None,
    ).field()
    files_dir: Path = Variable(
        "GOV_FILES_DIR", read.folder, "folder of uploaded files, encrypted", default=None
    ).field()
    broker_url: str = Variable(
        "BROKER_URL",
        read.url("redis", "rediss", "redis+socket", "amqp", "amqps"),
        "Redis (`redis://`, `rediss://`, `redis+socket://`) or RabbitMQ (`amqp://`, `amqps://`) for Celery; without it "
        "the relay delivers by itself",
        is_secret=True,
    ).field()
    fonts_dir: Path | None = Variable(
        "GOV_FONTS_DIR", read.optional_folder, "folder of the Noto CJK fonts, for notices and cards"
    ).field()
    base_url: str = Variable(
        "GOV_BASE_URL",
        read.base_url,
        "public address, without a path: [it goes into what is signed and printed](#the-public-address), so choose it "
        "once",
        default="http://127.0.0.1:8000",
    ).field()
    departments: Mapping[str, str] = Variable(
        "GOV_DEPARTMENTS",
        read.departments,
        "JSON object: name of each department's system and its address",
        default="{}",
    ).field()
    province: str = Variable("GOV_PROVINCE", read.province, "division code of the province", default="470000").field()
    calendar_file: Path | None = Variable(
        "GOV_CALENDAR_FILE",
        read.calendar,
        "working days that the shipped calendar does not know yet: lines `date,kind,note`, kind of `year` (makes the "
        "year official), `off` and `work`; [when the next year is announced]"
        "(../how-to/run-and-watch.md#when-the-next-year-is-announced)",
    ).field()
    limits: Mapping[str, int] = Variable(
        "GOV_LIMITS",
        read.limits,
        "JSON object: how many effects may be under way at once, over all workers, to a department's system or of an "
        'item, such as `{"system:police": 8, "item:disability-card": 20}`',
        default="{}",
    ).field()
    undo_s: int = Variable(
        "GOV_UNDO_S",
        read.number(most=_LONGEST_UNDO_S),
        f"seconds in which an officer may undo an act, 0 to {_LONGEST_UNDO_S}; with `0` acts take effect at once",
        default="8",
    ).field()
    smtp_url: str = Variable(
        "GOV_SMTP_URL",
        read.url("smtp", "smtps", "smtp+plain"),
        "mail server: `smtp://user:password@host:587` (insists on STARTTLS), `smtps://…` (TLS at once) or "
        "`smtp+plain://…` (neither); without it there is no e-mail",
        is_secret=True,
    ).field()
    mail_from: str = Variable(
        "GOV_MAIL_FROM",
        read.mail_address,
        "address that e-mails come from; needed with `GOV_SMTP_URL`",
        needed_by="GOV_SMTP_URL",
    ).field()
    sms_url: str = Variable(
        "GOV_SMS_URL",
        read.url("http", "https"),
        "gateway for text messages, see [messages](../explanation/messages.md); without it codes cannot be sent "
        "outside the sandbox",
    ).field()
    sms_token: str = Variable(
        "GOV_SMS_TOKEN", read.text, "bearer token that the gateway asks for", is_secret=True
    ).field()
    metrics_token: str = Variable(
        "GOV_METRICS_TOKEN",
        read.text,
        "bearer token that opens `/metrics`; without it and the next one [the figures](../how-to/run-and-watch.md) are "
        "shut",
        is_secret=True,
    ).field()
    metrics_networks: tuple[Network, ...] = Variable(
        "GOV_METRICS_NETWORKS",
        read.networks,
        "networks that read `/metrics` without a token, such as `10.1.0.0/16`, with commas between them",
    ).field()
    trusted_proxies: tuple[Network, ...] = Variable(
        "GOV_TRUSTED_PROXIES",
        read.networks,
        "networks of your reverse proxies, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; of everybody "
        "else neither is",
    ).field()
    web_at_once: int = Variable(
        "GOV_WEB_AT_ONCE",
        read.number(least=1, most=_MOST_THREADS),
        f"how many requests a web process serves at once, 1 to {_MOST_THREADS}, but for those that wait for a "
        "department; see [load](../explanation/load.md)",
        default="4",
    ).field()
    web_waiting: int = Variable(
        "GOV_WEB_WAITING",
        read.number(most=_MOST_THREADS),
        f"how many more wait for a place, 0 to {_MOST_THREADS}; who comes then is asked to come again",
        default="28",
    ).field()
    tsa_url: str = Variable(
        "GOV_TSA_URL",
        read.url("http", "https"),
        "time-stamp service (RFC 3161) that stamps every seal; without it the sandbox stamps by itself and others seal "
        "without a stamp",
    ).field()
    tsa_roots: Path | None = Variable(
        "GOV_TSA_ROOTS",
        read.optional_file,
        "file with the root certificates of that service, as PEM; needed with `GOV_TSA_URL`",
        needed_by="GOV_TSA_URL",
    ).field()
    log_level: str = Variable(
        "GOV_LOG_LEVEL",
        read.one_of("debug", "info", "warning", "error"),
        "`debug`, `info`, `warning` or `error`",
        default="info",
    ).field()
    is_sandbox: bool = Variable(
        "GOV_SANDBOX",
        read.flag,
        "`1`: the made-up province; messages are shown on a page, everything printed carries 样本",
        default="0",
    ).field()
    is_clock_simulated: bool = Variable(
        "GOV_CLOCK",
        read.is_simulated,
        "`simulated`: the business time stands still and is moved by hand; only with `GOV_SANDBOX=1`",
        default="system",
    ).field()

    @classmethod
    def variables(cls) -> dict[str, Variable]:
        """Return what each field is read from, in the order of the reference."""
        return {one.name: variable_of(one.metadata) for one in fields(cls)}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every variable; one that is empty counts as not set.

        Raises:
            SettingsInvalid: at least one is missing or wrong; all of them are listed.
        """
        values: dict[str, object] = {}
        faults: list[str] = []
        for name, variable in cls.variables().items():
            try:
                values[name] = variable.value(environ)
            except ValueError as fault:
                # What is wrong with the text of another variable is told there.
                if environ.get(variable.name) or not variable.same_as:
                    faults.append(f"{variable.name}: {fault}")
        if values.get("is_clock_simulated") and not values.get("is_sandbox", True):
            faults.append("GOV_CLOCK: a simulated clock is allowed only with GOV_SANDBOX=1")
        if faults:
            raise SettingsInvalid(faults)
        return cls(**values)  # type: ignore[arg-type]
