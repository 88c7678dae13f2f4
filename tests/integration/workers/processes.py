"""Run a relay or a worker as a process of its own: ``python -m … relay|worker``, addresses in the environment.

The one handler, ``test.note``, writes a row in the transaction that finishes the message, so that a doubled delivery
would show as a second row.
"""

import os
import signal
import sys
import time
from pathlib import Path
from threading import Event

from gov_portal.kernel import logs, outbox
from gov_portal.kernel.db import Database
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.settings import Settings
from gov_portal.worker import WORKER_ARGUMENTS, Pace, create_worker, run_relay
from gov_portal.workers.work import Work

PACE = Pace(lease_s=1.5, renudge_s=0.5)


def work_on(database: Database) -> Work:
    def note(message: OutboxMessage) -> None:
        time.sleep(float(str(message.payload.get("takes_s", 0))))
        with database.begin() as uow:
            uow.driver.execute("INSERT INTO notes (key) VALUES (%s)", (message.key,))
            outbox.finish(uow, message)

    return Work(
        database, {"test.note": note}, fire_due=lambda limit: 0, seal=lambda: None, sweep=lambda: 0, tidy=lambda: None
    )


def settings_of(database_url: str, broker_url: str) -> Settings:
    return Settings(database_url, database_url, Path(), Path(), broker_url=broker_url)


def main() -> None:
    logs.configure("info")
    settings = settings_of(os.environ["DATABASE_URL"], os.environ["BROKER_URL"])
    work = work_on(Database(settings.database_url))
    if sys.argv[1] == "worker":
        create_worker(settings, work, pace=PACE).worker_main(list(WORKER_ARGUMENTS))
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_relay(settings, work, stop=stop, pace=PACE)


if __name__ == "__main__":
    main()
