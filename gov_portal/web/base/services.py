"""Hold the services that the fronts call; ``gov_portal.wiring`` builds them."""

from dataclasses import dataclass
from typing import cast

from flask import Flask

from gov_portal.documents.guides import GuidePapers
from gov_portal.exchange.records import DataRecords
from gov_portal.kernel.answers import Answers
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.monitoring.monitor import Monitor
from gov_portal.kernel.parking import ParkedWorks
from gov_portal.kernel.rates import Rates
from gov_portal.kernel.working_days import Calendar
from gov_portal.licences.copies import Copies
from gov_portal.licences.listing import StatusLists
from gov_portal.licences.machine_forms import MachineForms
from gov_portal.licences.presenting import Presentations
from gov_portal.licences.services import LicenceService
from gov_portal.messaging.services import MessageService
from gov_portal.messaging.webhooks import Webhooks
from gov_portal.payments.services import Payments
from gov_portal.web.base.present import present_app
from identity.services.service import IdentityService
from workflows.services.cases import CaseService
from workflows.services.checks import CheckBook
from workflows.services.correspondence import Correspondence
from workflows.services.counter import CounterEntries
from workflows.services.external import ExternalTasks
from workflows.services.figures import Figures
from workflows.services.held import HeldActs
from workflows.services.incoming import Incoming
from workflows.services.jobs import Jobs
from workflows.services.offers import Offers
from workflows.services.preferences import Preferences
from workflows.services.ratings import Ratings
from workflows.services.reports import Reports
from workflows.services.snippets import Snippets
from workflows.services.versions import Versions

_EXTENSION = "gov_portal.services"


@dataclass(frozen=True, kw_only=True)
class Services:
    """Bundle every service that a page may call.

    Attributes:
        clock: business time, shown in the sandbox.
        sandbox_clock: the clock of the made-up province; ``None`` outside it, and then its pages are closed.
    """

    cases: CaseService
    identity: IdentityService
    licences: LicenceService
    presentations: Presentations
    copies: Copies
    machine_forms: MachineForms
    status_lists: StatusLists
    messages: MessageService
    ratings: Ratings
    correspondence: Correspondence
    data_records: DataRecords
    external: ExternalTasks
    reports: Reports
    incoming: Incoming
    guide_papers: GuidePapers
    payments: Payments
    jobs: Jobs
    figures: Figures
    preferences: Preferences
    checks: CheckBook
    counter: CounterEntries
    held: HeldActs
    offers: Offers
    snippets: Snippets
    versions: Versions
    parked: ParkedWorks
    answers: Answers
    rates: Rates
    webhooks: Webhooks
    monitor: Monitor
    clock: Clock
    calendar: Calendar
    sandbox_clock: SimulatedClock | None = None

    @property
    def is_sandbox(self) -> bool:
        """Tell whether this is the made-up province."""
        return self.sandbox_clock is not None


def install_services(app: Flask, services: Services) -> None:
    """Put the services where ``services()`` finds them."""
    app.extensions[_EXTENSION] = services


def services() -> Services:
    """Return the services of the running app."""
    return services_of(present_app())


def services_of(app: Flask) -> Services:
    """Return the services of an app, also where no request runs yet."""
    return cast(Services, app.extensions[_EXTENSION])
