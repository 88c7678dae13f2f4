"""Build every service that works on cases, on one desk."""

from dataclasses import dataclass

from gov_portal.exchange.storage import StoredDirectory
from gov_portal.wiring.foundations import Foundations
from gov_portal.wiring.granting import DeclaredGrants
from workflows.compiled import CompiledForms
from workflows.definitions import Definitions
from workflows.ports import Ports
from workflows.services.cases import CaseService
from workflows.services.checks import CheckBook
from workflows.services.correspondence import Correspondence
from workflows.services.counter import CounterEntries
from workflows.services.desk import Desk
from workflows.services.effects import EffectService
from workflows.services.external import ExternalTasks
from workflows.services.figures import Figures
from workflows.services.held import HeldActs
from workflows.services.incoming import Incoming
from workflows.services.jobs import Jobs
from workflows.services.mending import Mending
from workflows.services.migrations import Migrations
from workflows.services.offers import Offers
from workflows.services.preferences import Preferences
from workflows.services.ratings import Ratings
from workflows.services.replays import Replays
from workflows.services.reports import Reports
from workflows.services.snippets import Snippets
from workflows.services.versions import Versions


@dataclass(frozen=True, kw_only=True)
class ItemDesk:
    """Hold the published items, what publishes versions of them and moves their cases, and what tries drafts."""

    definitions: Definitions
    versions: Versions
    migrations: Migrations
    replays: Replays

    @classmethod
    def of(cls, desk: Desk, *, directory: StoredDirectory) -> "ItemDesk":
        """Build them on one desk; what is published is given what it declares to use."""
        versions = Versions(desk.db, desk.clock, desk.definitions, grants=DeclaredGrants(directory))
        return cls(definitions=desk.definitions, versions=versions, migrations=Migrations(desk), replays=Replays(desk))


@dataclass(frozen=True, kw_only=True)
class Casework:
    """Hold what opens, moves, shows and counts cases, and what officers do beside."""

    cases: CaseService
    effects: EffectService
    ratings: Ratings
    correspondence: Correspondence
    external: ExternalTasks
    reports: Reports
    incoming: Incoming
    jobs: Jobs
    figures: Figures
    preferences: Preferences
    checks: CheckBook
    counter: CounterEntries
    held: HeldActs
    offers: Offers
    snippets: Snippets
    mending: Mending

    @classmethod
    def of(cls, desk: Desk, *, undo_s: float) -> "Casework":
        """Build them on one desk; for ``undo_s`` seconds an officer may undo an act."""
        cases, checks = CaseService(desk), CheckBook(desk)
        return cls(
            cases=cases,
            effects=EffectService(desk),
            ratings=Ratings(desk),
            correspondence=Correspondence(desk),
            external=ExternalTasks(desk, cases=cases),
            reports=Reports(desk),
            incoming=Incoming(desk),
            jobs=Jobs(desk, cases=cases),
            figures=Figures(desk.db, desk.clock, desk.calendar),
            preferences=Preferences(desk.db, desk.clock),
            checks=checks,
            counter=CounterEntries(desk, cases=cases),
            held=HeldActs(desk, cases=cases, checks=checks, undo_s=undo_s),
            offers=Offers(desk, cases=cases),
            snippets=Snippets(desk.db, keys=desk.keys, clock=desk.clock),
            mending=Mending(desk),
        )


def desk_of(base: Foundations, ports: Ports) -> Desk:
    """Return the desk of one process."""
    return Desk(
        db=base.db,
        keys=base.keys,
        files=base.files,
        clock=base.clock,
        calendar=base.calendar,
        definitions=Definitions(base.db, clock=base.clock, forms=CompiledForms(base.db, base.keys)),
        region=base.settings.province,
        ports=ports,
    )
