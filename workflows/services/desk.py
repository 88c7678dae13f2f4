"""Hold what every use case works with."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.working_days import Calendar
from workflows.definitions import Definitions
from workflows.ports import Office, Officers, Ports
from workflows.storage.loading import CaseLoader, StoredCase
from workflows.storage.visibility import Sight


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Bundle the means of the services; built once per process by the wiring.

    Attributes:
        clock: business time.
        definitions: published versions of the items, compiled.
        region: division code that a case number begins with where the item knows no nearer one.
    """

    db: Database
    keys: KeyStore
    files: FileStore
    clock: Clock
    calendar: Calendar
    definitions: Definitions
    ports: Ports
    region: str = "470000"


class Offices:
    """Remember for a minute which office serves a region, so that a step asks nobody."""

    _FRESH_S = 60.0

    def __init__(self, officers: Officers) -> None:
        """Ask ``officers`` for what is not known."""
        self._officers = officers
        self._known: dict[tuple[str, str | None], tuple[float, Office | None]] = {}

    def nearest(self, org: str, region: str | None) -> Office | None:
        """Return the unit of a department that serves a region most closely."""
        now = time.monotonic()
        known = self._known.get((org, region))
        if known is None or now - known[0] > self._FRESH_S:
            known = self._known[org, region] = (now, self._officers.nearest(org, region))
        return known[1]

    def unit(self, org: str, region: str | None) -> str | None:
        """Return the region of that unit; where there is none, the region itself, so that the sweep can name it."""
        office = self.nearest(org, region)
        return region if office is None else office.region

    def organ(self, stored: StoredCase, role: str) -> str:
        """Return the name of the office that a role stands for in a case; empty for the applicant."""
        post = stored.definition.roles.get(role)
        if post is None:
            return ""
        near = stored.values.get(post.near) if post.near else None
        return self.name(post.org, None if near is None else str(near))

    def name(self, org: str, region: str | None) -> str:
        """Return the unit's name, or the department's code where it has none."""
        office = self.nearest(org, region)
        return org if office is None else office.name


_looked_at: ContextVar[dict[tuple[CaseId, Sight], StoredCase] | None] = ContextVar("looked_at", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Read each case once for all that is shown within, so that every part of a page tells of the same moment.

    Nothing may be written within.
    """
    token = _looked_at.set({})
    try:
        yield
    finally:
        _looked_at.reset(token)


class Service:
    """Be the base of every service: keep the desk, a loader and the offices."""

    def __init__(self, desk: Desk) -> None:
        """Keep the desk."""
        self._desk = desk
        self._loader = CaseLoader(desk.keys, desk.definitions)
        self._offices = Offices(desk.ports.officers)

    def _find(self, case: CaseId, *, sight: Sight) -> StoredCase | None:
        """Return a case that ``sight`` covers; no connection is held when this returns.

        Whoever holds one must not ask a port or a registry, which take connections of their own from the same pool.
        """
        looked_at = _looked_at.get()
        if looked_at is not None and (case, sight) in looked_at:
            return looked_at[case, sight]
        with self._desk.db.driver() as driver:
            row = self._loader.fetch(driver, case, sight=sight)
        stored = None if row is None else self._loader.open(row)
        if looked_at is not None and stored is not None:
            looked_at[case, sight] = stored
        return stored
