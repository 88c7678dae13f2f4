"""Open what every service stands on: database, keys, files, clock and calendar."""

from dataclasses import dataclass

from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.working_days import Calendar
from gov_portal.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Foundations:
    """Hold what every service stands on."""

    settings: Settings
    db: Database
    keys: KeyStore
    files: FileStore
    clock: Clock
    calendar: Calendar

    @classmethod
    def lay(cls, settings: Settings) -> "Foundations":
        """Read the keys and open nothing else yet, but know where everything is.

        Raises:
            KeyMissing: a key is not there; none is made here.
        """
        db = Database(settings.database_url)
        keys = KeyStore(db, FileKms(settings.secrets_dir))
        return cls(
            settings=settings,
            db=db,
            keys=keys,
            files=FileStore(db, keys, root=settings.files_dir),
            clock=SimulatedClock(db) if settings.is_clock_simulated else SystemClock(),
            calendar=Calendar.official(settings.calendar_file),
        )
