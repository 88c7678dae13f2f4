"""Hold the services that the fronts call; ``gov_portal.wiring`` builds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app

from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.ids import LicenceId
from gov_portal.messaging.services import MessageService
from identity.services.service import IdentityService
from workflows.services import CaseService

_EXTENSION = "gov_portal.services"


class VerifiedLicence(Protocol):
    """Say what the public may know of a licence by its code."""

    @property
    def status(self) -> str:
        """Return ``valid``, ``revoked``, ``superseded`` or ``unknown``."""
        ...


class Licences(Protocol):
    """Check licences by code and hand out their papers."""

    def verify(self, code: str) -> VerifiedLicence:
        """Say how it stands with a code; unknown codes are an answer, not an error."""
        ...

    def pdf(self, licence: LicenceId) -> bytes:
        """Return the newest paper form of a licence; the caller has checked who asks."""
        ...


class MovableClock(Clock, Protocol):
    """Tell business time and move it on; only the made-up province has one."""

    def advance(self, spelling: str) -> datetime:
        """Move on by a duration such as ``5wd``, ``3d`` or ``2h`` and return the new now.

        Raises:
            Invalid: no duration, or one that leads back.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Services:
    """Bundle every service that a page may call.

    Attributes:
        clock: business time, shown in the sandbox.
        sandbox_clock: the clock of the made-up province; ``None`` outside it, and then its pages are closed.
    """

    cases: CaseService
    identity: IdentityService
    licences: Licences
    messages: MessageService
    clock: Clock
    sandbox_clock: MovableClock | None = None

    @property
    def is_sandbox(self) -> bool:
        """Tell whether this is the made-up province."""
        return self.sandbox_clock is not None


def install_services(app: Flask, services: Services) -> None:
    """Put the services where ``services()`` finds them."""
    app.extensions[_EXTENSION] = services


def services() -> Services:
    """Return the services of the running app."""
    return cast(Services, current_app.extensions[_EXTENSION])
