"""Look at everything an installation consists of; what cannot be asked is left out and said elsewhere."""

import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from gov_portal.cli.doctor import findings
from gov_portal.cli.doctor.findings import Finding
from gov_portal.cli.doctor.production import of_settings
from gov_portal.documents.authority import certificate_ends
from gov_portal.documents.typesetting import DEBIAN_FONTS, FontsMissing, Typesetter
from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.key_files import KeyMissing
from gov_portal.kernel.ledger import seals
from gov_portal.kernel.monitoring import metrics
from gov_portal.kernel.monitoring.bounded import Bounded, Hanging
from gov_portal.kernel.monitoring.heartbeats import Beat, beats
from gov_portal.kernel.monitoring.monitor import youngest
from gov_portal.kernel.monitoring.readiness import HANGING, Dependency, Readiness
from gov_portal.kernel.partitions import missing_partitions
from gov_portal.kernel.working_days import Calendar
from gov_portal.messaging.backlog import Backlog
from gov_portal.settings import Settings
from gov_portal.wiring.checks import DATABASE, MIGRATIONS, checks_of, patient
from workflows import native
from workflows.services.load import Load

STATE_WAIT_S = 10.0
_SEAL = "seal"
_WRITING_SQL = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::bool"


@dataclass(frozen=True, slots=True)
class Examination:
    """Hold what was found, the worst first, and how it is with every dependency."""

    findings: tuple[Finding, ...]
    dependencies: tuple[Dependency, ...] = ()

    @property
    def problems(self) -> int:
        """Return how many findings must be mended."""
        return sum(one.level is findings.Level.PROBLEM for one in self.findings)


def examine(settings: Settings) -> Examination:
    """Look at dependencies, state, files and settings."""
    dependencies = Readiness(checks_of(settings)).look()
    found = findings.of_dependencies(dependencies)
    unwell = {one.name for one in dependencies if not one.is_ok}
    if not unwell & {DATABASE, MIGRATIONS}:
        found += _of_state_in_time(settings)
    found += [*_of_disk(settings), *of_papers(settings), *of_settings(settings, is_compiled=native.is_used())]
    ranks = list(findings.Level)
    return Examination(tuple(sorted(found, key=lambda one: ranks.index(one.level))), dependencies)


def _of_state_in_time(settings: Settings) -> list[Finding]:
    """Read the state, but not for ever: a database may begin to hang between two questions."""
    with patient(settings) as db:
        try:
            return Bounded(lambda: of_state(db, settings), keep_s=0).get(wait_s=STATE_WAIT_S).value
        except Hanging:
            hanging = Dependency(DATABASE, HANGING, round(STATE_WAIT_S * 1000))
            return findings.of_dependencies([hanging])


def of_state(db: Database, settings: Settings) -> list[Finding]:
    """Tell what the rows say: who lives, what waits, what was put aside, what is not sealed."""
    clock: Clock = SimulatedClock(db) if settings.is_clock_simulated else SystemClock()
    with db.driver() as driver:
        living = beats(driver)
        is_standby, is_read_only = driver.execute(_WRITING_SQL).fetchone() or (False, False)
    backlog, load, now = Backlog.read(db), Load(db, clock), clock.now()
    due_at = load.earliest_due_at() or now
    return [
        *findings.of_writing(is_standby=is_standby, is_read_only=is_read_only),
        *findings.of_processes(youngest(living), has_broker=bool(settings.broker_url)),
        *findings.of_outbox(outbox.depths(db)),
        *findings.of_backlog(backlog.parked, dead=backlog.dead, disabled=backlog.disabled),
        *findings.of_ledger(is_unsealed=seals.is_unsealed(db), tried_at=_sealed_at(living), now=datetime.now(UTC)),
        *findings.of_ledger_rights(may_change=seals.may_change(db)),
        *findings.of_timers((now - due_at).total_seconds()),
        *findings.of_calendar(Calendar.official(settings.calendar_file).official_years, today=now.date()),
        *findings.of_partitions(missing_partitions(db, _months(now.date()))),
        *findings.of_master_key(is_foreign=_is_foreign(db, settings.secrets_dir)),
        *findings.of_stuck(_stuck(living)),
        *findings.of_exchange(_held_back(living)),
    ]


def of_papers(settings: Settings) -> list[Finding]:
    """Tell what is wrong with fonts and certificates."""
    try:
        Typesetter(settings.fonts_dir or DEBIAN_FONTS)
        fault = ""
    except FontsMissing as missing:
        fault = str(missing)
    ends = certificate_ends(settings.secrets_dir)
    return [*findings.of_fonts(fault), *findings.of_certificates(ends, now=datetime.now(UTC))]


def _of_disk(settings: Settings) -> list[Finding]:
    found = findings.of_secrets(_modes(settings.secrets_dir))
    for name, folder in (("GOV_FILES_DIR", settings.files_dir), ("GOV_SECRETS_DIR", settings.secrets_dir)):
        usage = shutil.disk_usage(folder)
        found += findings.of_disk(name, free=usage.free, total=usage.total)
    return found


def _is_foreign(db: Database, secrets_dir: Path) -> bool:
    """Tell whether the rows belong to other keys than those of the folder; keys that are missing are told elsewhere."""
    try:
        return KeyStore(db, FileKms(secrets_dir)).is_foreign()
    except KeyMissing:
        return False


def _modes(folder: Path) -> dict[str, int]:
    files = [path for path in folder.iterdir() if path.is_file()]
    secret = [path for path in files if path.suffix in (".key", ".pem")]
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in (folder, *secret)}


def _months(today: date) -> list[date]:
    first = today.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return [first, following]


def _sealed_at(living: Sequence[Beat]) -> datetime | None:
    done = [
        sample.value
        for beat in living
        for sample in beat.samples
        if sample.metric is metrics.CHORE_DONE and sample.labels == (_SEAL,)
    ]
    return datetime.fromtimestamp(max(done), UTC) if done else None


def _stuck(living: Sequence[Beat]) -> int:
    """Return what the sweep of any relay found; all look at the same cases."""
    found = [sample.value for beat in living for sample in beat.samples if sample.metric is metrics.STUCK_CASES]
    return int(max(found, default=0))


def _held_back(living: Sequence[Beat]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for beat in living:
        for sample in beat.samples:
            if sample.metric is metrics.BREAKER_OPEN and sample.value:
                found.setdefault(sample.labels[0], []).append(beat.name)
    return found
