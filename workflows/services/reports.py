"""Report cases upward (办件数据上报): gather what a case is made of, note that it was read, and give it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gov_portal.kernel.cipher import KeyShredded, SealBroken
from gov_portal.kernel.codes.division import significant
from gov_portal.kernel.ids import CaseId, OfficerId, PersonId
from gov_portal.kernel.principal import Officer, Platform
from workflows.domain.ratings import RatingLevel
from workflows.domain.state import Status
from workflows.ports import Office, Reading
from workflows.reporting.case_file import CaseFile, Certificate, Moment, Paper, Party
from workflows.reporting.rows import report_of
from workflows.reporting.standard import DataSets, spelt
from workflows.sealing import MATERIALS
from workflows.services.desk import Service
from workflows.services.errors import CaseUnknown
from workflows.services.forms import Form
from workflows.services.prefilling import answers_of
from workflows.services.receipts import region_of
from workflows.services.timelines import reason_of
from workflows.storage.lists import Event, LicenceRow, opened, papers_of
from workflows.storage.loading import StoredCase
from workflows.storage.ratings import ratings_of
from workflows.storage.reporting import Place, case_of, changed, number_of
from workflows.storage.reporting import Wanted as Wanted
from workflows.storage.visibility import Sight, reportable_to, visible_to

_OFFICER = "officer:"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Hold the data sets of one case as the standard spells them; personal, never printed by ``repr``."""

    case: CaseId
    case_number: str
    changed_at: datetime
    is_closed: bool
    sets: DataSets = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reported:
    """Hold one page of reports; ``place`` is where the next one goes on, now or later."""

    reports: tuple[CaseReport, ...]
    place: str


class Reports(Service):
    """Give out the reports of cases; every reading stands in the ledger of the person."""

    def of_number(self, number: str, *, by: Platform) -> CaseReport:
        """Return the report of one case, for operators.

        Raises:
            CaseUnknown: there is no case of that number, or its data are gone.
        """
        with self._desk.db.driver() as driver:
            case = case_of(driver, number)
        found = self._read([case] if case else [], sight=visible_to(by), by=by)
        if not found:
            raise CaseUnknown
        return found[0]

    def changed(self, by: Officer, wanted: Wanted, *, behind: str = "") -> Reported:
        """Return the cases of the officer's department and region that have changed behind a place, in that order.

        A case that changes again comes again. Whose data were shredded, of them nothing is told any more.
        """
        sight = self._sight(by)
        with self._desk.db.driver() as driver:
            rows, place = changed(driver, wanted, behind=Place.of(behind), sight=sight)
        return Reported(tuple(self._read([CaseId(row.case) for row in rows], sight=sight, by=by)), str(place))

    def _sight(self, by: Officer) -> Sight:
        """Return which cases a department reports: those of the items that it answers for now, in its region."""
        published = self._desk.definitions.headings(region=by.region)
        items: list[str] = [one.facts.id for one in published if one.facts.authority == by.org]
        return reportable_to(items, within=significant(by.region))

    def _read(self, cases: Sequence[CaseId], *, sight: Sight, by: Officer | Platform) -> list[CaseReport]:
        with self._desk.db.driver() as driver:
            rows = self._loader.fetch_many(driver, list(cases), sight=sight)
        found = []
        for case in cases:
            try:
                stored = self._loader.open(rows[case]) if case in rows else None
                file = self._file(stored) if stored is not None else None
            except (KeyShredded, SealBroken):
                continue
            if stored is not None and file is not None:
                self._desk.ports.readings.note(Reading(stored.id, stored.item, stored.applicant, by))
                found.append(_report(stored, file))
        return found

    def _file(self, stored: StoredCase) -> CaseFile:
        """Gather what the report of a case is made of."""
        people, row = self._desk.ports.people, stored.row
        with self._desk.db.driver() as driver:
            papers = papers_of(driver, stored)
            ratings = ratings_of(driver, stored.id)
            whole = row.part_of or row.appeal_of
            lead = number_of(driver, whole) if whole else ""
        events = opened(stored, papers.events)
        region = region_of(stored) or self._desk.region
        applicant = people.facts(stored.applicant)
        agent = people.facts(PersonId(row.begun_by)) if row.begun_by != row.applicant else None
        return CaseFile(
            case_number=stored.case_number,
            definition=stored.definition,
            state=stored.state,
            moments=[moment for event in events for moment in moments_of(event)],
            values=stored.values,
            applicant=Party(applicant.name, applicant.id_no, applicant.phone),
            agent=None if agent is None else Party(agent.name, agent.id_no, agent.phone),
            calendar=self._desk.calendar,
            now=self._desk.clock.now(),
            submitted_at=row.submitted_at,
            region=region,
            is_at_counter=papers.entry is not None,
            lead=lead,
            office_of=lambda role: self._office(stored, role),
            authority=self._offices.nearest(stored.definition.facts.authority, region),
            officers=self._names(events),
            papers=self._papers(stored),
            bills=self._desk.ports.payments.standings(stored.id),
            certificate=self._certificate(stored, papers.licences),
            rating=RatingLevel(ratings[-1].level) if ratings else None,
        )

    def _office(self, stored: StoredCase, role: str) -> Office | None:
        post = stored.definition.roles.get(role)
        if post is None or not post.org:
            return None
        near = stored.values.get(post.near) if post.near else None
        return self._offices.nearest(post.org, None if near is None else str(near))

    def _names(self, events: Sequence[Event]) -> Mapping[str, str]:
        acted = {event.actor for event in events if event.actor.startswith(_OFFICER)}
        ids = {OfficerId(UUID(actor.removeprefix(_OFFICER))): actor for actor in acted}
        return {ids[officer]: name for officer, name in self._desk.ports.officers.names(ids.keys()).items()}

    def _papers(self, stored: StoredCase) -> tuple[Paper, ...]:
        lets = {name: stored.values.get(f"let.{name}") for name in stored.definition.lets}
        today = self._desk.calendar.local_date(self._desk.clock.now())
        form = Form(stored.definition, stored.values, answers_of(stored), today, lets)
        found = []
        for material, state in form.materials():
            kept = stored.values.stored(f"{MATERIALS}.{material.id}")
            at = kept.at if kept is not None else stored.row.submitted_at
            found.append(Paper(material.name, state, at, "" if kept is None else str(kept.value)))
        return tuple(found)

    def _certificate(self, stored: StoredCase, rows: Sequence[LicenceRow]) -> Certificate | None:
        """Return the licence that came of the case and still stands as far as the case goes."""
        issued = [row for row in rows if row.revoked_at is None]
        if not issued:
            return None
        last = issued[-1]
        held = self._desk.ports.licences.held(stored.applicant, kind=last.kind)
        found = next((one for one in held if one.licence == last.licence), None)
        return None if found is None else Certificate(found.name, found.number, found.valid_until, found.issuer)


def moments_of(event: Event) -> list[Moment]:
    """Return what an event of the ledger tells, with the reasons that lie beside it."""
    told = []
    for kind, at, step, visit, detail in event.happenings:
        reason = reason_of(event.writes, kind, step=step, signer=str(detail.get("signer", "")))
        told.append(Moment(kind, at, step, visit, detail, event.actor, reason))
    return told


def _report(stored: StoredCase, file: CaseFile) -> CaseReport:
    is_closed = stored.state.status is Status.CLOSED
    changed_at = max((one.at for one in file.moments), default=stored.row.begun_at)
    return CaseReport(stored.id, stored.case_number, changed_at, is_closed, spelt(report_of(file)))
