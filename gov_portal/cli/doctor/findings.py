"""Put into words what is wrong and what to do about it; nothing is asked here, so that every word can be tested."""

import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from gov_portal.kernel.monitoring.heartbeats import ALIVE_S, RELAY, WEB, WORKER
from gov_portal.kernel.monitoring.readiness import HANGING, NOT_ASKED, Dependency
from gov_portal.kernel.outbox import Depth

LONGEST_LAG_S = 60
LONGEST_LATE_S = 600
ANNOUNCED_BY = 12
"""Month by which the State Council has announced the days off of the next year."""
LONGEST_UNSEALED = timedelta(minutes=10)
ENDS_SOON = timedelta(days=30)
GIB = 1024**3
SCARCE, FULL = 0.05, 0.01


class Level(StrEnum):
    """Grade a finding: only a problem makes the command fail."""

    PROBLEM = "problem"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Tell one thing; ``code`` stays the same for programs, the words may change."""

    level: Level
    code: str
    what: str
    remedy: str


_REMEDIES = {
    "database": "start PostgreSQL, or correct DATABASE_URL; people see an error page until it answers",
    "migrations": "run `gov db migrate` with DATABASE_OWNER_URL set",
    "clock": "let both machines follow a time server; codes and sessions end too early or too late meanwhile",
    "keys": "restore the secrets folder from its backup; a new key opens nothing that is stored, and only on a new "
    "installation does `gov keys make` make it",
    "files": "make GOV_FILES_DIR writable for this user and free space on its disk; uploads are refused meanwhile",
    "broker": "start Redis, or correct BROKER_URL; pages, acts and deadlines go on meanwhile, what is asked of "
    "departments, licences and messages wait as rows and none is lost",
}
_REMEDIES_BY_REASON = {
    ("database", "wrong-password"): "put the role's password into DATABASE_URL, or set it: ALTER ROLE … PASSWORD …",
    ("database", "not-admitted"): "let this machine and role in by a line of the server's pg_hba.conf, and reload it",
    ("database", "no-such-database"): "correct the names in DATABASE_URL; a new database begins with `gov db migrate`, "
    "a lost one is restored from its backup",
    ("database", "no-connection-free"): "raise max_connections, run fewer processes, or end what holds connections "
    "(pg_stat_activity)",
    ("database", "starting"): "wait: the server recovers from a crash, or is being stopped; its log says how far it is",
    ("migrations", "not-migrated"): "run `gov db migrate` with DATABASE_OWNER_URL set, or restore a backup first",
    ("files", "disk-full"): "free space on the disk of GOV_FILES_DIR, or enlarge it; uploads and papers wait, "
    "everything else goes on",
}
_WHAT = {
    "database": "the database cannot be reached",
    "migrations": "the schema is not that of this release",
    "clock": "the clocks of this machine and of the database differ",
    "keys": "a key cannot be used",
    "files": "the folder of files cannot be used",
    "broker": "the broker cannot be reached",
}
_STARTS = {
    WEB: ("no web process lives: nobody can open a page", "start `gov web`"),
    RELAY: ("no relay lives: effects wait, deadlines do not fire, the ledger is not sealed", "start `gov relay`"),
    WORKER: ("no worker lives: departments are not asked, no licence is made, no message leaves", "start `gov worker`"),
}


def of_settings_faults(faults: Iterable[str]) -> list[Finding]:
    """Tell what is wrong with the environment; nothing else can be looked at then."""
    remedy = "correct the variable, see docs/reference/settings.md"
    return [Finding(Level.PROBLEM, "settings", fault, remedy) for fault in faults]


def of_dependencies(found: Iterable[Dependency]) -> list[Finding]:
    """Tell which neighbours do not answer, or not as they should."""
    return [_of_dependency(one) for one in found if one.reason not in ("", NOT_ASKED)]


def _of_dependency(one: Dependency) -> Finding:
    how = "it takes the connection and says nothing" if one.reason == HANGING else one.reason
    remedy = _REMEDIES_BY_REASON.get((one.name, one.reason), _REMEDIES[one.name])
    return Finding(Level.PROBLEM, one.name, f"{_WHAT[one.name]}: {how}", remedy)


def of_writing(*, is_standby: bool, is_read_only: bool) -> list[Finding]:
    """Tell that the database lets nobody write; people read what is there meanwhile."""
    if is_standby:
        what = "DATABASE_URL leads to a standby: people can read and change nothing"
        remedy = "name every server in DATABASE_URL with target_session_attrs=read-write, or promote this one"
        return [Finding(Level.PROBLEM, "database-read-only", what, remedy)]
    if is_read_only:
        what = "the database is set to be read only: people can read and change nothing"
        remedy = "free space if its disk is full, then ALTER DATABASE … SET default_transaction_read_only = off"
        return [Finding(Level.PROBLEM, "database-read-only", what, remedy)]
    return []


def of_timers(late_s: float) -> list[Finding]:
    """Tell that what is due does not fire, in business time."""
    if late_s <= LONGEST_LATE_S:
        return []
    what = f"deadlines and reminders do not fire: the oldest has been due for {_ago(late_s)}"
    remedy = "see that a relay lives, and look for chore-failed in its log; they fire afterwards, as of their own day"
    return [Finding(Level.PROBLEM, "timers-late", what, remedy)]


def of_calendar(official_years: Collection[int], *, today: date) -> list[Finding]:
    """Tell that the days off of this year, or from December on of the next, are not known."""
    remedy = "name a file with the State Council's notice in GOV_CALENDAR_FILE, see docs/how-to/run-and-watch.md"
    if today.year not in official_years:
        what = f"the days off of {today.year} are not known: limits are provisional, and no silence decides anything"
        return [Finding(Level.PROBLEM, "calendar", what, remedy)]
    if today.month == ANNOUNCED_BY and today.year + 1 not in official_years:
        what = f"the days off of {today.year + 1} are not known yet: limits that reach into it are provisional"
        return [Finding(Level.WARNING, "calendar", what, remedy)]
    return []


def of_processes(ages_s: Mapping[str, float], *, has_broker: bool) -> list[Finding]:
    """Tell which kinds of process are wanting; without a broker the relay does the work of the workers."""
    wanted = (WEB, RELAY, WORKER) if has_broker else (WEB, RELAY)
    return [_of_process(kind, ages_s.get(kind)) for kind in wanted if ages_s.get(kind, ALIVE_S + 1) > ALIVE_S]


def _of_process(kind: str, age_s: float | None) -> Finding:
    what, remedy = _STARTS[kind]
    last = "none has been alive in the last seven days" if age_s is None else f"last alive {_ago(age_s)} ago"
    return Finding(Level.PROBLEM, f"no-{kind}", f"{what} ({last})", f"{remedy}, and look at its log for why it ended")


def of_outbox(depths: Iterable[Depth]) -> list[Finding]:
    """Tell what has waited too long, and what is tried again and again."""
    found = []
    for one in depths:
        if one.lag_s > LONGEST_LAG_S:
            what = f"{one.topic}: {one.waiting} wait in the outbox, the oldest ready for {_ago(one.lag_s)}"
            remedy = "see that relay and worker live; where they do, start more workers"
            found.append(Finding(Level.PROBLEM, "outbox-lag", what, remedy))
        if one.failing:
            what = f"{one.topic}: {one.failing} of {one.waiting} waiting effects have failed and will be tried again"
            remedy = "look for delivery-failed and exchange.no-answer in the worker's log; nothing has to be repeated"
            found.append(Finding(Level.WARNING, "outbox-failing", what, remedy))
        if one.parked:
            what = f"{one.topic}: {one.parked} pieces of work failed again and again and are parked"
            remedy = "`gov work list` says which; mend the cause and resume them, or see docs/how-to/recover.md"
            found.append(Finding(Level.PROBLEM, "work-parked", what, remedy))
    return found


def of_backlog(parked: Mapping[str, int], *, dead: int, disabled: int) -> list[Finding]:
    """Tell what was put aside because it could not be told."""
    found = []
    for channel, number in sorted(parked.items()):
        what = f"{number} messages to people by {channel} are put aside as undeliverable"
        remedy = "look for message-parked in the worker's log: the reason stands there; people find them in the portal"
        found.append(Finding(Level.WARNING, "messages-parked", what, remedy))
    if dead:
        what = f"{dead} webhook deliveries were taken by nobody"
        found.append(
            Finding(Level.WARNING, "webhooks-dead", what, "let the unit replay them, see docs/reference/api.md")
        )
    if disabled:
        what = f"{disabled} webhooks are disabled after days of failures"
        remedy = "tell their units; once the address answers they enable them again"
        found.append(Finding(Level.WARNING, "webhooks-disabled", what, remedy))
    return found


def of_ledger(*, is_unsealed: bool, tried_at: datetime | None, now: datetime) -> list[Finding]:
    """Tell that what is written has long not been sealed; ``tried_at`` is when a relay last sealed without a fault."""
    if not is_unsealed or (tried_at is not None and now - tried_at < LONGEST_UNSEALED):
        return []
    last = (
        "no living relay has sealed yet" if tried_at is None else f"last {_ago((now - tried_at).total_seconds())} ago"
    )
    what = f"the ledger is not sealed ({last}): a change of what is not sealed would not be found"
    return [Finding(Level.PROBLEM, "ledger-unsealed", what, "run `gov ledger seal`, and see that a relay lives")]


def of_ledger_rights(*, may_change: bool) -> list[Finding]:
    """Tell that the application could change its own records."""
    if not may_change:
        return []
    what = "the application's role may change rows of the ledger"
    remedy = "give DATABASE_URL a role of its own that owns nothing, then run `gov db migrate` as the owner"
    return [Finding(Level.PROBLEM, "ledger-rights", what, remedy)]


def of_master_key(*, is_foreign: bool) -> list[Finding]:
    """Tell that the master key is not the one that sealed what is stored."""
    if not is_foreign:
        return []
    what = "master.key is of another installation: nothing that is stored can be read"
    remedy = "stop all processes before they seal more with it, and restore master.key and blind.key from their backup"
    return [Finding(Level.PROBLEM, "keys-foreign", what, remedy)]


def of_partitions(missing: Sequence[date]) -> list[Finding]:
    """Tell that the ledger lacks the partition of a month."""
    if not missing:
        return []
    months = ", ".join(f"{month:%Y-%m}" for month in missing)
    what = f"the ledger has no partition for {months}; its rows go into the default one"
    return [Finding(Level.WARNING, "partitions", what, "run `gov db maintain`, and put it on a monthly timer")]


def of_stuck(cases: int) -> list[Finding]:
    """Tell of cases that nothing will move."""
    if not cases:
        return []
    what = f"{cases} open cases will never be moved by anything, as the last sweep found"
    return [Finding(Level.PROBLEM, "cases-stuck", what, "run `gov cases sweep`: it names them")]


def of_certificates(ends: Mapping[str, datetime], *, now: datetime) -> list[Finding]:
    """Tell which certificates of seals end soon, or have ended."""
    found = []
    remedy = "put a new certificate with its key into the secrets folder; what was sealed before stays valid"
    for name, end in sorted(ends.items()):
        if end <= now:
            what = f"the seal certificate {name} ended on {end:%Y-%m-%d}: no licence can be sealed with it"
            found.append(Finding(Level.PROBLEM, "certificate-ended", what, remedy))
        elif end - now < ENDS_SOON:
            what = f"the seal certificate {name} ends on {end:%Y-%m-%d}"
            found.append(Finding(Level.WARNING, "certificate-ends", what, remedy))
    return found


def of_fonts(fault: str) -> list[Finding]:
    """Tell that papers cannot be set."""
    if not fault:
        return []
    what = f"the fonts of notices and licences are missing: {fault}"
    return [Finding(Level.PROBLEM, "fonts", what, "install fonts-noto-cjk, or name their folder in GOV_FONTS_DIR")]


def of_exchange(held_back: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Tell which departments' systems are not called for a while; ``held_back`` names the processes by system."""
    remedy = "call the department; cases that wait for it say so to people and go on by themselves once it answers"
    return [
        Finding(Level.WARNING, "exchange", f"{system} does not answer; held back by {', '.join(processes)}", remedy)
        for system, processes in sorted(held_back.items())
    ]


def of_disk(where: str, *, free: int, total: int) -> list[Finding]:
    """Tell that a disk is full, or nearly."""
    share = free / total if total else 0
    if share >= SCARCE and free >= GIB:
        return []
    level = Level.PROBLEM if share < FULL else Level.WARNING
    what = f"the disk of {where} has {free / GIB:.1f} GiB left, {share:.0%}"
    return [Finding(level, "disk", what, "free space or enlarge the disk before uploads are refused")]


def of_secrets(modes: Mapping[str, int]) -> list[Finding]:
    """Tell which secrets others than their owner may reach; ``modes`` are those of the folder and its files."""
    open_ones = [name for name, mode in sorted(modes.items()) if mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if not open_ones:
        return []
    what = f"others than their owner may reach secrets: {', '.join(open_ones)}"
    remedy = "chmod 700 the folder and 600 the files; if others have an account here, count the keys as known"
    return [Finding(Level.PROBLEM, "secrets-open", what, remedy)]


def _ago(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"
