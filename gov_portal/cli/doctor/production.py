"""Say what is not fit for real people, their data and their number; a sandbox may have all of it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from gov_portal.cli.doctor.findings import Finding, Level
from gov_portal.settings import Settings

_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})
_FROM_SOURCE = Finding(
    Level.NOTE,
    "engine-from-source",
    "the engine runs from its source: each step takes a tenth more of the processor than it need",
    "compile it: `make native`, or as docs/how-to/deploy.md says",
)
_SAFE_MODES = frozenset({"require", "verify-ca", "verify-full"})


def of_settings(settings: Settings, *, is_compiled: bool) -> list[Finding]:
    """Tell what should be otherwise where real people use the portal; the engine may be compiled or run as source."""
    if settings.is_sandbox:
        what = "this is a sandbox: codes and messages are shown to anybody, papers are samples"
        return [Finding(Level.NOTE, "sandbox", what, "set GOV_SANDBOX=0 for real people")]
    found = [*_of_the_way_here(settings), *_of_ways_out(settings), *_of_seals(settings), *_of_operators(settings)]
    return found if is_compiled else [*found, _FROM_SOURCE]


def _of_the_way_here(settings: Settings) -> Iterator[Finding]:
    if not settings.base_url.startswith("https://"):
        what = "people reach the portal without TLS: passwords and answers travel open"
        remedy = "put it behind a proxy with TLS and let GOV_BASE_URL begin with https://"
        yield Finding(Level.PROBLEM, "no-tls", what, remedy)
    elif not settings.trusted_proxies:
        what = (
            "no proxy is trusted: everybody seems to come from one address, and waits for everybody's wrong passwords"
        )
        yield Finding(Level.WARNING, "proxies", what, "name the networks of your proxies in GOV_TRUSTED_PROXIES")


def _of_ways_out(settings: Settings) -> Iterator[Finding]:
    if not settings.sms_url:
        what = "no gateway for text messages is set: nobody can register or sign in"
        yield Finding(Level.PROBLEM, "no-sms", what, "set GOV_SMS_URL and GOV_SMS_TOKEN")
    ways = {"GOV_SMS_URL": settings.sms_url, "BROKER_URL": settings.broker_url, "GOV_SMTP_URL": settings.smtp_url}
    named = [*ways.items(), *((f"GOV_DEPARTMENTS {name}", url) for name, url in settings.departments.items())]
    for name, url in named:
        if urlsplit(url).scheme in ("http", "redis", "amqp", "smtp+plain") and not _is_local(url):
            what = f"{name} leads to another machine without TLS"
            yield Finding(Level.WARNING, "plain-way", what, "use https, rediss, amqps or smtps")
    if not _is_safe(settings.database_url):
        what = "DATABASE_URL leads to another machine and does not insist on TLS"
        yield Finding(Level.WARNING, "plain-way", what, "add ?sslmode=verify-full")


def _of_seals(settings: Settings) -> Iterator[Finding]:
    if not settings.tsa_url:
        what = "seals bear no time stamp: once their certificates end nobody can show that a paper is older"
        yield Finding(Level.WARNING, "no-time-stamps", what, "set GOV_TSA_URL and GOV_TSA_ROOTS")


def _of_operators(settings: Settings) -> Iterator[Finding]:
    if settings.log_level == "debug":
        what = "the log tells every request for a style sheet"
        yield Finding(Level.NOTE, "debug", what, "set GOV_LOG_LEVEL=info")
    if not settings.metrics_token and not settings.metrics_networks:
        remedy = "set GOV_METRICS_TOKEN or GOV_METRICS_NETWORKS"
        yield Finding(Level.NOTE, "no-metrics", "nobody may read /metrics", remedy)


def _is_local(url: str) -> bool:
    return (urlsplit(url).hostname or "") in _LOCAL


def _is_safe(database_url: str) -> bool:
    """Tell whether an address of the database insists on TLS, or all its hosts are this machine."""
    parts = conninfo_to_dict(database_url)
    hosts = str(parts.get("host") or "").split(",")
    return parts.get("sslmode") in _SAFE_MODES or all(host in _LOCAL or host.startswith("/") for host in hosts)
