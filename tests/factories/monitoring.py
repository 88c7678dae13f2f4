"""Stand in for what only operators look at."""

from collections.abc import Mapping, Sequence
from typing import cast

from gov_portal.kernel.db import Database
from gov_portal.kernel.monitoring.bounded import Bounded
from gov_portal.kernel.monitoring.heartbeats import WEB, Beat, Heart
from gov_portal.kernel.monitoring.monitor import Door, Monitor
from gov_portal.kernel.monitoring.readiness import Check, Readiness
from gov_portal.kernel.monitoring.tally import Sample, Tally


def a_monitor(
    *,
    door: Door | None = None,
    checks: Sequence[Check] = (),
    state: Sequence[Sample] = (),
    beats: Sequence[Beat] = (),
    departments: Mapping[str, bool] | None = None,
) -> Monitor:
    """Return a monitor of a process whose neighbours are what the test says; nobody may enter by default."""
    return Monitor(
        readiness=Readiness(checks, wait_s=1),
        heart=Heart(cast(Database, None), WEB, Tally()),
        state=Bounded(lambda: state, keep_s=0),
        beats=Bounded(lambda: beats, keep_s=0),
        departments=lambda: departments or {},
        door=door or Door(),
    )
