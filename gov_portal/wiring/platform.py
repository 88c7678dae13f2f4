"""Build the platform from its settings, once per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from gov_portal.documents.guides import GuidePapers
from gov_portal.documents.notices import Notices
from gov_portal.exchange.adapters.assertion import ClientKey
from gov_portal.exchange.adapters.rest import RestConnector
from gov_portal.exchange.journal import LedgerJournal
from gov_portal.exchange.records import DataRecords
from gov_portal.exchange.services import ExchangeService
from gov_portal.exchange.storage import StoredDirectory
from gov_portal.kernel import ledger
from gov_portal.kernel.answers import Answers
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.ledger import FileAnchor, FileSigner
from gov_portal.kernel.monitoring import heartbeats
from gov_portal.kernel.monitoring.monitor import Monitor
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.rates import StoredRates
from gov_portal.licences.services import PUSH_TOPIC, LicenceService
from gov_portal.messaging.delivering import Deliverer
from gov_portal.messaging.ports import Carrier
from gov_portal.messaging.posting import Poster
from gov_portal.messaging.services import MessageService
from gov_portal.messaging.webhook_posts import WebhookDeliverer
from gov_portal.messaging.webhooks import Webhooks
from gov_portal.payments.services import Payments
from gov_portal.settings import Settings
from gov_portal.wiring.casework import Casework, ItemDesk, desk_of
from gov_portal.wiring.foundations import Foundations
from gov_portal.wiring.licensing import Licensing, Papers
from gov_portal.wiring.parking import ParkedDesk
from gov_portal.wiring.to_exchange import (
    CaseBasis,
    CaseQueries,
    Deliveries,
    GuardianshipRegister,
    PopulationBase,
)
from gov_portal.wiring.to_licences import CaseLicences, Registers
from gov_portal.wiring.to_messaging import Follower, Outgoing, Reminding, carriers_of
from gov_portal.wiring.to_monitoring import Measured, counting, monitor_of
from gov_portal.wiring.to_payments import CaseFollower, CasePayments, DepartmentCashier
from gov_portal.wiring.to_workflows import CaseReadings, Offices, Persons
from gov_portal.workers.work import Turn, Work
from identity.ports import IdentityPorts
from identity.services.foundation import Foundation
from identity.services.officers import BuiltInIdp, Officers
from identity.services.passwords import Passwords
from identity.services.people import People
from identity.services.service import IdentityService
from workflows.ports import Ports
from workflows.services.chronicle import Chronicle
from workflows.services.desk import Desk
from workflows.services.effects import TOPICS
from workflows.services.held import TOPIC as HELD_TOPIC
from workflows.services.jobs import TOPIC as BULK_TOPIC
from workflows.services.register import CaseRegister
from workflows.services.reminders import Reminders
from workflows.services.timers import FIRE_TOPIC

ANCHOR_FILE = "ledger.anchor"
POLL_EVERY_S = 60.0
COMPARE_EVERY_S = 3600.0
COMMAND = "command"
"""Kind of a process that ends by itself and has no heart."""

SURVEY_EVERY_S = 600.0
"""How often a process sees whether a new business day has begun, on which departments are asked for whom items are."""

RECOUNT_EVERY_S = 3_600.0
"""How often the tick looks for limits that a calendar has made final; the calendar itself is read at the start."""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """Hold every service of one process."""

    base: Foundations
    items: ItemDesk
    casework: Casework
    licensing: Licensing
    directory: StoredDirectory
    exchange: ExchangeService
    identity: IdentityService
    messages: MessageService
    outgoing: Outgoing
    data_records: DataRecords
    guide_papers: GuidePapers
    payments: Payments
    answers: Answers
    rates: StoredRates
    monitor: Monitor

    def parked_desk(self) -> ParkedDesk:
        """Return what operators decide at about work that is parked."""
        endings = {
            **self.outgoing.endings(),
            BULK_TOPIC: self.casework.jobs.give_up,
            HELD_TOPIC: self.casework.held.give_up,
        }
        return ParkedDesk(db=self.base.db, clock=self.base.clock, cases=self.casework.mending, endings=endings)

    def work(self) -> Work:
        """Return what the processes behind the web do."""
        secrets = self.base.settings.secrets_dir
        return Work(
            database=self.base.db,
            handlers={
                **dict.fromkeys(TOPICS, self.casework.effects.deliver),
                FIRE_TOPIC: self.casework.cases.fire,
                PUSH_TOPIC: self.licensing.licences.deliver,
                BULK_TOPIC: self.casework.jobs.deliver,
                HELD_TOPIC: self.casework.held.deliver,
                **self.outgoing.handlers(),
            },
            fire_due=self.casework.cases.fire_due,
            seal=partial(ledger.seal, self.base.db, FileSigner(secrets), anchor=FileAnchor(secrets / ANCHOR_FILE)),
            sweep=lambda: len(self.casework.cases.sweep()),
            tidy=self.tidy,
            turns=(
                *self.outgoing.turns(),
                Turn("survey", SURVEY_EVERY_S, self.casework.offers.survey_daily),
                Turn("recount", RECOUNT_EVERY_S, self.casework.cases.recount),
                Turn("ask-about-bills", POLL_EVERY_S, self.payments.poll),
                Turn("compare-books", COMPARE_EVERY_S, self.payments.reconcile_due),
            ),
            limits=self.base.settings.limits,
            tally=self.monitor.tally,
        )

    def tidy(self) -> None:
        """Remove what ended long ago: begun registrations, sessions, counters, sent codes, blobs without a row."""
        self.identity.tidy()
        self.outgoing.tidy()
        self.base.files.remove_orphans()
        self.answers.tidy()
        self.rates.tidy()
        self.licensing.presentations.tidy()
        self.licensing.copies.tidy()
        self.casework.incoming.tidy()
        heartbeats.tidy(self.base.db)


def build(settings: Settings, *, kind: str = COMMAND) -> Platform:
    """Join all services for a process of some kind; no connection is opened before the first use."""
    base, tally = Foundations.lay(settings), Tally()
    directory, register, payments = StoredDirectory(base.db), CaseRegister(base.db), _payments(base, tally)
    identity_base = Foundation(base.db, base.keys, base.clock, tally=tally)
    people, officers = People(identity_base), Officers(identity_base)
    journal, carriers = LedgerJournal(base.db, indexes=base.keys, clock=base.clock), carriers_of(settings)
    exchange = _exchange(base, directory, journal=journal, cases=CaseBasis(register, people=people), tally=tally)
    messages = MessageService(base.db, keys=base.keys, clock=base.clock, addressees=people, channels=carriers)
    identity, papers = _identity(identity_base, exchange=exchange, messages=messages), Papers.prepare(settings)
    licensing = Licensing.of(base, papers, registers=Registers(exchange, register=register))
    licences = licensing.licences
    ports = Ports(
        exchange=CaseQueries(exchange, people=people),
        licences=CaseLicences(licences, register=register),
        deliveries=Deliveries(exchange, people=people, register=register),
        notices=Notices(papers.typesetter, is_sample=settings.is_sandbox, sealer=papers.sealer),
        officers=Offices(officers),
        people=Persons(people, identity=identity),
        messages=messages,
        payments=CasePayments(payments),
        readings=CaseReadings(journal, people=people),
    )
    desk = desk_of(base, ports)
    return Platform(
        base=base,
        items=ItemDesk.of(desk, directory=directory),
        casework=Casework.of(desk, undo_s=settings.undo_s),
        licensing=licensing,
        directory=directory,
        exchange=exchange,
        identity=identity,
        messages=messages,
        outgoing=_outgoing(messages, desk, carriers=carriers, licences=licences, settings=settings),
        data_records=DataRecords(journal, people=people),
        guide_papers=GuidePapers(papers.typesetter),
        payments=payments,
        answers=Answers(base.db, base.keys),
        rates=StoredRates(base.db),
        monitor=_monitor(base, exchange, kind=kind, tally=tally),
    )


def _exchange(
    base: Foundations, directory: StoredDirectory, *, journal: LedgerJournal, cases: CaseBasis, tally: Tally
) -> ExchangeService:
    return ExchangeService(
        directory=directory,
        journal=journal,
        cases=cases,
        connector=_connector(base.settings, tally),
        clock=base.clock,
    )


def _connector(settings: Settings, tally: Tally) -> Measured:
    return Measured(RestConnector(settings.departments, key=ClientKey.at(settings.secrets_dir)), tally)


def _payments(base: Foundations, tally: Tally) -> Payments:
    settings, real = base.settings, SystemClock()
    return Payments(
        base.db,
        cashier=DepartmentCashier(_connector(settings, tally), base_url=settings.base_url),
        follower=CaseFollower(),
        today=lambda: base.calendar.local_date(real.now()),
    )


def _monitor(base: Foundations, exchange: ExchangeService, *, kind: str, tally: Tally) -> Monitor:
    counting(base.db, exchange, tally=tally, systems=list(base.settings.departments))
    return monitor_of(base.settings, exchange, kind=kind, tally=tally)


def _outgoing(
    messages: MessageService,
    desk: Desk,
    *,
    carriers: Mapping[str, Carrier],
    licences: LicenceService,
    settings: Settings,
) -> Outgoing:
    """Join everything that leaves the platform."""
    db, keys, poster = desk.db, desk.keys, Poster(is_sandbox=settings.is_sandbox)
    webhooks = Webhooks(db, keys=keys, poster=poster)
    return Outgoing(
        messages=messages,
        deliverer=Deliverer(db, keys=keys, carriers=carriers, base_url=settings.base_url),
        webhooks=webhooks,
        webhook_deliverer=WebhookDeliverer(db, keys=keys, poster=poster),
        follower=Follower(db, cases=Chronicle(desk), licences=licences, webhooks=webhooks),
        reminding=Reminding(messages, cases=Reminders(desk), licences=licences),
    )


def _identity(base: Foundation, *, exchange: ExchangeService, messages: MessageService) -> IdentityService:
    passwords = Passwords()
    ports = IdentityPorts(
        real_name=PopulationBase(exchange),
        guardians=GuardianshipRegister(exchange),
        messenger=messages,
        idp=BuiltInIdp(base, passwords=passwords),
    )
    return IdentityService(base, ports=ports, passwords=passwords)
