"""Hold what every use case works with."""

from dataclasses import dataclass

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.working_days import Calendar
from workflows.definitions import Definitions
from workflows.ports import Ports


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


class Service:
    """Be the base of every service: keep the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
