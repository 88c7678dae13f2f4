"""Build the platform from its settings, once per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.cards import Cards
from gov_portal.documents.guides import GuidePapers
from gov_portal.documents.notices import Notices
from gov_portal.documents.seal_marks import SealReader
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.tokens import Tokens
from gov_portal.documents.typesetting import Typesetter
from gov_portal.exchange.adapters.assertion import ClientKey
from gov_portal.exchange.adapters.rest import RestConnector
from gov_portal.exchange.journal import LedgerJournal
from gov_portal.exchange.records import DataRecords
from gov_portal.exchange.services import ExchangeService
from gov_portal.exchange.storage import StoredDirectory
from gov_portal.kernel import ledger
from gov_portal.kernel.answers import Answers
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ledger import FileAnchor, FileSigner
from gov_portal.kernel.monitoring import heartbeats
from gov_portal.kernel.monitoring.monitor import Monitor
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.kernel.rates import StoredRates
from gov_portal.kernel.working_days import Calendar
from gov_portal.licences.copies import Copies
from gov_portal.licences.kinds import KindBook
from gov_portal.licences.listing import StatusLists
from gov_portal.licences.machine_forms import MachineForms
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside
from gov_portal.licences.presenting import Clocks, Presentations
from gov_portal.licences.services import PUSH_TOPIC, LicenceService
from gov_portal.messaging.delivering import Deliverer
from gov_portal.messaging.ports import Carrier
from gov_portal.messaging.posting import Poster
from gov_portal.messaging.services import MessageService
from gov_portal.messaging.webhook_posts import WebhookDeliverer
from gov_portal.messaging.webhooks import Webhooks
from gov_portal.payments.services import Payments
from gov_portal.settings import Settings
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
from workflows.definitions import Definitions
from workflows.ports import Ports
from workflows.services.cases import CaseService
from workflows.services.checks import CheckBook
from workflows.services.chronicle import Chronicle
from workflows.services.correspondence import Correspondence
from workflows.services.counter import CounterEntries
from workflows.services.desk import Desk
from workflows.services.effects import TOPICS, EffectService
from workflows.services.external import ExternalTasks
from workflows.services.figures import Figures
from workflows.services.held import TOPIC as HELD_TOPIC
from workflows.services.held import HeldActs
from workflows.services.incoming import Incoming
from workflows.services.jobs import TOPIC as BULK_TOPIC
from workflows.services.jobs import Jobs
from workflows.services.migrations import Migrations
from workflows.services.offers import Offers
from workflows.services.preferences import Preferences
from workflows.services.ratings import Ratings
from workflows.services.register import CaseRegister
from workflows.services.reminders import Reminders
from workflows.services.replays import Replays
from workflows.services.reports import Reports
from workflows.services.snippets import Snippets
from workflows.services.versions import Versions

ANCHOR_FILE = "ledger.anchor"
POLL_EVERY_S = 60.0
COMPARE_EVERY_S = 3600.0
COMMAND = "command"
"""Kind of a process that ends by itself and has no heart."""

SURVEY_EVERY_S = 600.0
"""How often a process sees whether a new business day has begun, on which departments are asked for whom items are."""

RECOUNT_EVERY_S = 3_600.0
"""How often the tick looks for limits that a calendar has made final; the calendar itself is read at the start."""

DEBIAN_FONTS = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's fonts-noto-cjk lies; the settings may name another folder."""


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
        """Open nothing yet, but know where everything is."""
        db = Database(settings.database_url)
        keys = KeyStore(db, FileKms.create(settings.secrets_dir))
        return cls(
            settings=settings,
            db=db,
            keys=keys,
            files=FileStore(db, keys, root=settings.files_dir),
            clock=SimulatedClock(db) if settings.is_clock_simulated else SystemClock(),
            calendar=Calendar.official(settings.calendar_file),
        )


@dataclass(frozen=True, kw_only=True)
class Papers:
    """Hold what sets papers, seals them and recognises our seal."""

    typesetter: Typesetter
    sealer: Sealer
    seal_reader: SealReader
    tokens: Tokens

    @classmethod
    def prepare(cls, settings: Settings) -> "Papers":
        """Read the fonts; the certificates are made at the first seal."""
        authority = SealAuthority(settings.secrets_dir)
        return cls(
            typesetter=Typesetter(settings.fonts_dir or DEBIAN_FONTS),
            sealer=Sealer(authority),
            seal_reader=SealReader(authority),
            tokens=Tokens(authority),
        )


@dataclass(frozen=True, kw_only=True)
class ItemDesk:
    """Hold what publishes versions of items, moves their cases and tries drafts on what has happened."""

    versions: Versions
    migrations: Migrations
    replays: Replays

    @classmethod
    def of(cls, desk: Desk) -> "ItemDesk":
        """Build them on one desk."""
        versions = Versions(desk.db, desk.clock, desk.definitions)
        return cls(versions=versions, migrations=Migrations(desk), replays=Replays(desk))


@dataclass(frozen=True, kw_only=True)
class Platform:
    """Hold every service of one process."""

    base: Foundations
    definitions: Definitions
    items: ItemDesk
    directory: StoredDirectory
    exchange: ExchangeService
    identity: IdentityService
    messages: MessageService
    outgoing: Outgoing
    licences: LicenceService
    presentations: Presentations
    copies: Copies
    machine_forms: MachineForms
    status_lists: StatusLists
    cases: CaseService
    effects: EffectService
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
    answers: Answers
    rates: StoredRates
    monitor: Monitor

    def work(self) -> Work:
        """Return what the processes behind the web do."""
        secrets = self.base.settings.secrets_dir
        return Work(
            database=self.base.db,
            handlers={
                **dict.fromkeys(TOPICS, self.effects.deliver),
                PUSH_TOPIC: self.licences.deliver,
                BULK_TOPIC: self.jobs.deliver,
                HELD_TOPIC: self.held.deliver,
                **self.outgoing.handlers(),
            },
            fire_due=self.cases.fire_due,
            seal=partial(ledger.seal, self.base.db, FileSigner(secrets), anchor=FileAnchor(secrets / ANCHOR_FILE)),
            sweep=lambda: len(self.cases.sweep()),
            tidy=self.tidy,
            turns=(
                *self.outgoing.turns(),
                Turn("survey", SURVEY_EVERY_S, self.offers.survey_daily),
                Turn("recount", RECOUNT_EVERY_S, self.cases.recount),
                Turn("ask-about-bills", POLL_EVERY_S, self.payments.poll),
                Turn("compare-books", COMPARE_EVERY_S, self.payments.reconcile_due),
            ),
            tally=self.monitor.tally,
        )

    def tidy(self) -> None:
        """Remove what ended long ago: begun registrations, sessions, counters, sent codes, blobs without a row."""
        self.identity.tidy()
        self.outgoing.tidy()
        self.base.files.remove_orphans()
        self.answers.tidy()
        self.rates.tidy()
        self.presentations.tidy()
        self.copies.tidy()
        self.incoming.tidy()
        heartbeats.tidy(self.base.db)


def build(settings: Settings, *, kind: str = COMMAND) -> Platform:
    """Join all services for a process of some kind; no connection is opened before the first use."""
    base, tally = Foundations.lay(settings), Tally()
    directory, register, payments = StoredDirectory(base.db), CaseRegister(base.db), _payments(base)
    identity_base = Foundation(base.db, base.keys, base.clock, tally=tally)
    people, officers = People(identity_base), Officers(identity_base)
    journal, carriers = LedgerJournal(base.db, indexes=base.keys, clock=base.clock), carriers_of(settings)
    exchange = _exchange(base, directory, journal=journal, cases=CaseBasis(register, people=people), tally=tally)
    messages = MessageService(base.db, keys=base.keys, clock=base.clock, addressees=people, channels=carriers)
    identity, papers = _identity(identity_base, exchange=exchange, messages=messages), Papers.prepare(settings)
    outside, licences = _licences(base, papers=papers, registers=Registers(exchange, register=register))
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
    desk = _desk(base, ports)
    cases, checks = CaseService(desk), CheckBook(desk)
    return Platform(
        base=base,
        definitions=desk.definitions,
        items=ItemDesk.of(desk),
        directory=directory,
        exchange=exchange,
        identity=identity,
        messages=messages,
        outgoing=_outgoing(messages, desk, carriers=carriers, licences=licences, settings=settings),
        licences=licences,
        presentations=_presentations(base, outside),
        copies=Copies(base.db, keys=base.keys, files=base.files, clock=base.clock, outside=outside),
        machine_forms=_machine_forms(base, licences, outside=outside, tokens=papers.tokens),
        status_lists=StatusLists(base.db, tokens=papers.tokens, base_url=settings.base_url),
        cases=cases,
        guide_papers=GuidePapers(papers.typesetter),
        effects=EffectService(desk),
        ratings=Ratings(desk),
        correspondence=Correspondence(desk),
        data_records=DataRecords(journal, people=people),
        external=ExternalTasks(desk, cases=cases),
        reports=Reports(desk),
        incoming=Incoming(desk),
        payments=payments,
        jobs=Jobs(desk, cases=cases),
        figures=Figures(base.db, base.clock, base.calendar),
        preferences=Preferences(base.db, base.clock),
        checks=checks,
        counter=CounterEntries(desk, cases=cases),
        offers=Offers(desk, cases=cases),
        held=HeldActs(desk, cases=cases, checks=checks, undo_s=settings.undo_s),
        snippets=Snippets(base.db, keys=base.keys, clock=base.clock),
        answers=Answers(base.db, base.keys),
        rates=StoredRates(base.db),
        monitor=_monitor(base, exchange, kind=kind, tally=tally),
    )


def _exchange(
    base: Foundations, directory: StoredDirectory, *, journal: LedgerJournal, cases: CaseBasis, tally: Tally
) -> ExchangeService:
    settings = base.settings
    connector = RestConnector(settings.departments, key=ClientKey.at(settings.secrets_dir))
    return ExchangeService(
        directory=directory,
        journal=journal,
        cases=cases,
        connector=Measured(connector, tally),
        clock=base.clock,
    )


def _payments(base: Foundations) -> Payments:
    settings, real = base.settings, SystemClock()
    connector = RestConnector(settings.departments, key=ClientKey.at(settings.secrets_dir))
    return Payments(
        base.db,
        cashier=DepartmentCashier(connector, base_url=settings.base_url),
        follower=CaseFollower(),
        today=lambda: base.calendar.local_date(real.now()),
    )


def _monitor(base: Foundations, exchange: ExchangeService, *, kind: str, tally: Tally) -> Monitor:
    counting(base.db, exchange, tally=tally, systems=list(base.settings.departments))
    return monitor_of(base.settings, exchange, kind=kind, tally=tally)


def _desk(base: Foundations, ports: Ports) -> Desk:
    return Desk(
        db=base.db,
        keys=base.keys,
        files=base.files,
        clock=base.clock,
        calendar=base.calendar,
        definitions=Definitions(base.db, clock=base.clock),
        region=base.settings.province,
        ports=ports,
    )


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


def _licences(base: Foundations, *, papers: Papers, registers: Registers) -> tuple[Outside, LicenceService]:
    """Return the licences and what stands around them."""
    outside = Outside(
        kinds=KindBook.default(),
        cards=Cards(papers.typesetter, is_sample=base.settings.is_sandbox),
        seals=papers.sealer,
        seal_marks=papers.seal_reader,
        registers=registers,
        base_url=base.settings.base_url,
    )
    return outside, LicenceService(base.db, keys=base.keys, files=base.files, clock=base.clock, outside=outside)


def _presentations(base: Foundations, outside: Outside) -> Presentations:
    clocks = Clocks(business=base.clock, security=SystemClock())
    return Presentations(base.db, keys=base.keys, files=base.files, clocks=clocks, outside=outside)


def _machine_forms(base: Foundations, licences: LicenceService, *, outside: Outside, tokens: Tokens) -> MachineForms:
    press = Press(base.db, keys=base.keys, files=base.files, outside=outside)
    return MachineForms(base.db, licences=licences, press=press, outside=outside, tokens=tokens)
