"""Show cases to those who may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from gov_portal.kernel.ids import CaseId, FileId, ItemId, LicenceId, OfficerId
from gov_portal.kernel.principal import Citizen, Principal, hand_in
from gov_portal.kernel.types import OfficerRef
from workflows.domain.counter import AtCounter, Consent
from workflows.domain.definition import CallStep, Definition, IssueStep, Phase, SendStep, WaitStep
from workflows.domain.state import ActiveStep, Context, Status, Task, TaskKind
from workflows.engine.appealing import appealable_since
from workflows.engine.clock import ClockExplanation, explain
from workflows.engine.owed import is_owed
from workflows.engine.timing import last_day as period_end
from workflows.sealing import MATERIALS
from workflows.services.billing import Billing
from workflows.services.corrections import correctable
from workflows.services.errors import CaseUnknown
from workflows.services.explanations import failed_rules
from workflows.services.forms import Form
from workflows.services.opinions import opinion_views
from workflows.services.part_reads import PartReads
from workflows.services.prefilling import answers_of
from workflows.services.presenting import field_view, field_views, material_view, material_views
from workflows.services.probing import permitted
from workflows.services.reading import readable_paths
from workflows.services.reckoning import last_day
from workflows.services.signatures import signers_views
from workflows.services.subjects import NUMBER
from workflows.services.timelines import refusal_reason, timeline
from workflows.storage.counter import EnteredRow
from workflows.storage.lists import Event, LicenceRow, MyCaseRow, cases_of, opened, papers_of
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.views import (
    CaseRow,
    CaseView,
    DocumentView,
    FailedRule,
    FieldView,
    Holder,
    LicenceView,
    MarkView,
    MaterialView,
    StandstillView,
    SupplementView,
    TimelineEntry,
)

_APPLICANT = "applicant"
_ASKED = "征求意见"
"""What stands for the step of whoever is only asked for an opinion."""

_NAMED = "已指定"
"""What the applicant reads where a field names an officer: that there is one."""


class Reads(PartReads, Billing):
    """Read one case or a person's list."""

    def view(self, case: CaseId, *, by: Principal) -> CaseView:
        """Show a case with its timeline, clock and what ``by`` may do now.

        Raises:
            CaseUnknown: no such case for this principal.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        return self._case_view(stored, by=by)

    def my_cases(self, by: Citizen, *, with_parts: bool = False) -> tuple[CaseRow, ...]:
        """List the cases of the person, or of the ward acted for, newest first.

        Parts of a bundle stand on its page; ``with_parts`` lists them too.
        """
        with self._desk.db.driver() as driver:
            rows = cases_of(driver, by, with_parts=with_parts)
        return tuple(self._case_row(row) for row in rows)

    def _case_row(self, row: MyCaseRow) -> CaseRow:
        return CaseRow(
            case=CaseId(row.id),
            case_number=row.case_number or "",
            item=ItemId(row.item),
            item_name=self._desk.definitions.by_hash(row.definition_hash).facts.name,
            pinned=row.definition_hash,
            status=Status(row.status),
            phase=Phase(row.phase),
            is_returned=row.is_returned,
            outcome=row.outcome,
            needs_applicant=row.needs_applicant,
            changed_at=row.changed_at,
            has_new_letter=row.has_new_letter,
            needs_payment=row.needs_payment,
        )

    def _case_view(self, stored: StoredCase, *, by: Principal) -> CaseView:
        definition, state, row = stored.definition, stored.state, stored.row
        is_own = isinstance(by, Citizen)
        with self._desk.db.driver() as driver:
            papers = papers_of(driver, stored)
        entries = self._told(stored, opened(stored, papers.events), is_own=is_own)
        clock = self._clock(stored)
        outcome = definition.outcomes.get(state.outcome) if state.outcome else None
        grounds = definition.anytime.suspend.grounds if definition.anytime.suspend else ()
        may = permitted(definition, state, context=self._view_context(stored, by=by))
        return CaseView(
            case=stored.id,
            case_number=stored.case_number,
            item=stored.item,
            item_name=definition.facts.name,
            pinned=definition.hash,
            status=state.status,
            phase=state.phase,
            is_returned=state.is_returned,
            submitted_at=row.submitted_at,
            outcome=state.outcome,
            closing=outcome.closing if outcome else "",
            remedies=outcome.remedies if outcome else (),
            refusal_reason=refusal_reason(definition, entries, outcome=state.outcome),
            timeline=entries,
            clock=clock,
            due_on=clock.due_on if clock else None,
            is_due_provisional=clock.is_provisional if clock else False,
            holders=self._holders(stored),
            standstills=_standstills(stored),
            supplement=self._supplement_of(stored),
            permitted=may,
            fields=self._with_names(
                field_views(definition, stored.values, paths=readable_paths(definition, by=by), is_full=is_own),
                is_own=is_own,
            ),
            materials=self._materials(stored, by=by),
            documents=tuple(DocumentView(FileId(one.file), one.name, one.at) for one in papers.documents),
            licence=_licence(papers.licences),
            suspend_grounds=tuple(ground.ground for ground in grounds),
            appeal_until=self._appeal_until(stored),
            appeal_of=CaseId(row.appeal_of) if row.appeal_of else None,
            appealed_by=CaseId(row.appealed_by) if row.appealed_by else None,
            counter=None if papers.entry is None else self._at_counter(papers.entry),
            parts=self._parts(stored),
            whole=self._whole(stored, by=by),
            signers=signers_views(stored) if may.signers else (),
            is_my_turn=is_own and any(_is_turn(task) for task in state.tasks.values()),
            bills=self.bills_of(stored, by=by),
            about_number=str(stored.values.get(NUMBER, "")),
            results=self._results(stored),
            failed=self._failed(stored, entries) if is_own else (),
            corrects=state.corrects,
            corrected_by=state.correction,
            correctable=self._correctable(stored) if may.correct else (),
            opinions=opinion_views(stored, entries, by=by, calendar=self._desk.calendar),
        )

    def _told(self, stored: StoredCase, events: list[Event], *, is_own: bool) -> tuple[TimelineEntry, ...]:
        """Return what happened, as its applicant or an officer may know it."""
        return timeline(
            stored.definition,
            events,
            organ_of=lambda role: self._offices.organ(stored, role),
            hands={} if is_own else self._hands(events),
            is_internal=not is_own,
        )

    def _failed(self, stored: StoredCase, entries: Iterable[TimelineEntry]) -> tuple[FailedRule, ...]:
        """Return the rules that a turned-down application did not meet."""
        outcome, submitted_at = stored.state.outcome, stored.row.submitted_at
        if outcome is None or submitted_at is None or not stored.definition.outcomes[outcome].remedies:
            return ()
        acted = [entry.step for entry in entries if entry.kind == "acted"]
        day = self._desk.calendar.local_date(submitted_at)
        return failed_rules(stored.definition, stored.values, decided_at=acted[-1] if acted else "", on=day)

    def _with_names(self, views: tuple[FieldView, ...], *, is_own: bool) -> tuple[FieldView, ...]:
        """Show officers named in a field by their names, to officers only."""
        named = {OfficerId(UUID(str(view.value))) for view in views if isinstance(view.type, OfficerRef) and view.value}
        if not named:
            return views
        names = {} if is_own else self._desk.ports.officers.names(named)
        return tuple(
            replace(view, shown=names.get(OfficerId(UUID(str(view.value))), _NAMED))
            if isinstance(view.type, OfficerRef) and view.value
            else view
            for view in views
        )

    def _correctable(self, stored: StoredCase) -> tuple[FieldView, ...]:
        """Return the fields of the application as they are, none of which must be changed."""
        definition, values = stored.definition, stored.values
        return tuple(
            field_view(definition, path, stored=values.stored(path), is_full=True, is_required=False)
            for path in correctable(definition, files=False)
        )

    def _results(self, stored: StoredCase) -> tuple[FieldView, ...]:
        """Return what the case came to, for its applicant and for whoever else may see the case."""
        definition = stored.definition
        is_good = stored.state.outcome is not None and not definition.outcomes[stored.state.outcome].remedies
        paths = definition.result_shows if is_good else ()
        return field_views(definition, stored.values, paths=paths, is_full=True)

    def _hands(self, events: Iterable[Event]) -> Mapping[OfficerId, str]:
        """Return the names of the officers who typed for the applicant at a counter."""
        typed = {hand for event in events if (hand := hand_in(event.actor)) is not None}
        return self._desk.ports.officers.names(typed) if typed else {}

    def _at_counter(self, entry: EnteredRow) -> AtCounter:
        return AtCounter(self._offices.name(entry.org, entry.region), Consent(entry.consent), entry.at)

    def _materials(self, stored: StoredCase, *, by: Principal) -> tuple[MaterialView, ...]:
        """Return the materials that a principal may open; who may not read a paper is not led to it."""
        found = material_views(stored.definition, stored.values, form=self._frozen_form(stored))
        readable = set(readable_paths(stored.definition, by=by))
        return tuple(one for one in found if one.path in readable)

    def _clock(self, stored: StoredCase) -> ClockExplanation | None:
        if stored.state.status is Status.DRAFT:
            return None
        now = self._desk.clock.now()
        return explain(stored.definition, stored.state, now=now, calendar=self._desk.calendar)

    def _view_context(self, stored: StoredCase, *, by: Principal) -> Context:
        return Context(
            stored.id, self._desk.clock.now(), by, self._desk.calendar, stored.values, is_proven=stored.values.is_proven
        )

    def _holders(self, stored: StoredCase) -> tuple[Holder, ...]:
        tasks = [self._task_holder(stored, task) for task in stored.state.tasks.values()]
        with_task = {task.step for task in stored.state.tasks.values() if task.kind is not TaskKind.CONSULT}
        machines = [
            _machine_holder(stored.definition, active)
            for active in stored.state.active
            if active.step not in with_task
            and isinstance(stored.definition.steps[active.step], CallStep | IssueStep | SendStep)
        ]
        waits = [
            self._wait_holder(stored, active, step)
            for active in stored.state.active
            if active.step not in with_task
            and isinstance(step := stored.definition.steps[active.step], WaitStep)
            and step.message is not None
        ]
        return tuple(dict.fromkeys([*tasks, *machines, *waits]))

    def _wait_holder(self, stored: StoredCase, active: ActiveStep, step: WaitStep) -> Holder:
        """Name the department whose message a case waits for."""
        due_at = stored.state.timers.get(f"wait:{active.step}.{active.visit}")
        due_on = last_day(due_at, calendar=self._desk.calendar)
        label = stored.definition.label(f"step.{active.step}")
        return Holder(active.step, label, self._offices.name(step.sender, None), active.entered_at, due_on)

    def _task_holder(self, stored: StoredCase, task: Task) -> Holder:
        organ = self._offices.name(task.org, task.near) if task.org else ""
        due_on = last_day(task.due_at, calendar=self._desk.calendar)
        if task.kind is TaskKind.CONSULT:
            return Holder("", _ASKED, organ, task.opened_at, due_on, task.is_provisional)
        label = stored.definition.label(f"step.{task.step}")
        return Holder(task.step, label, organ, task.opened_at, due_on, task.is_provisional)

    def _supplement_of(self, stored: StoredCase) -> SupplementView | None:
        asked = [task for task in stored.state.tasks.values() if task.kind is TaskKind.SUPPLEMENT]
        # What an officer asks for comes before what may follow.
        task = min(asked, key=is_owed, default=None)
        return self._supplement(stored, task) if task else None

    def _supplement(self, stored: StoredCase, task: Task, *, further: tuple[str, ...] = ()) -> SupplementView:
        marked = [(mark.target, mark.reason) for mark in task.marks]
        known = {target for target, _ in marked}
        marked += [(path, "") for path in further if path not in known]
        views = tuple(self._mark_view(stored, target, reason=reason) for target, reason in marked)
        due_on = last_day(task.due_at, calendar=self._desk.calendar)
        return SupplementView(task.key, views, due_on, is_owed=is_owed(task))

    def _mark_view(self, stored: StoredCase, target: str, *, reason: str) -> MarkView:
        definition = stored.definition
        if target in definition.fields:
            view = field_view(definition, target, stored=stored.values.stored(target), is_full=True)
            return MarkView(target, view.label, reason, field=view)
        material = next(one for one in definition.materials if one.id == target)
        file = stored.values.get(f"{MATERIALS}.{target}")
        return MarkView(target, material.name, reason, material=material_view(material, "wanted", file=file))

    def _frozen_form(self, stored: StoredCase) -> Form:
        """Return the form with the lets as they were frozen at submission."""
        answers = answers_of(stored)
        if stored.state.status is Status.DRAFT:
            return Form.of(stored.definition, stored.values, answers=answers, today=self._today())
        lets = {name: stored.values.get(f"let.{name}") for name in stored.definition.lets}
        return Form(stored.definition, stored.values, answers, self._today(), lets)

    def _appeal_until(self, stored: StoredCase) -> date | None:
        rule, calendar = stored.definition.anytime.appeal, self._desk.calendar
        since = appealable_since(rule, stored.state, at=self._desk.clock.now(), calendar=calendar)
        return period_end(calendar, since, rule.within).on if rule is not None and since is not None else None

    def _today(self) -> date:
        return self._desk.calendar.local_date(self._desk.clock.now())


def _is_turn(task: Task) -> bool:
    return task.role == _APPLICANT and task.kind in (TaskKind.WORK, TaskKind.SIGN)


def _machine_holder(definition: Definition, active: ActiveStep) -> Holder:
    return Holder(active.step, definition.label(f"step.{active.step}"), "", active.entered_at)


def _standstills(stored: StoredCase) -> tuple[StandstillView, ...]:
    """Return everything that stands still now, and why."""
    state, definition = stored.state, stored.definition
    if state.status is Status.CLOSED:
        return ()
    found = []
    if state.suspended_at is not None:
        found.append(StandstillView("suspended", state.suspended_at, ground=state.suspended_ground))
    standing = state.clock.standing
    if standing is not None and standing.kind != "suspended":
        label = definition.label(f"step.{standing.step}") if standing.step else ""
        found.append(
            StandstillView("paused", standing.started_at, standing.step, label, standing.ground, standing.basis)
        )
    for active in state.active:
        if active.is_unavailable:
            label = definition.label(f"step.{active.step}")
            found.append(StandstillView("unavailable", active.entered_at, active.step, label))
    return tuple(found)


def _licence(rows: list[LicenceRow]) -> LicenceView | None:
    if not rows:
        return None
    last = rows[-1]
    return LicenceView(LicenceId(last.licence), last.kind, last.verify_code, last.revoked_at is None)
