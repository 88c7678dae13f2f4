"""Show officers their work."""

from dataclasses import replace

from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.principal import Officer
from gov_portal.kernel.types import OfficerRef
from workflows.domain.commands import HandOver
from workflows.domain.definition import Act, HumanStep, Step
from workflows.domain.explaining import Explanation
from workflows.domain.state import Context, Status, Task, TaskKind
from workflows.engine.refusals import ActNotAllowed
from workflows.services.errors import CaseUnknown, TaskUnknown
from workflows.services.explanations import why_act_is_closed
from workflows.services.opinions import askable_from
from workflows.services.presenting import field_view, field_views
from workflows.services.probing import markable, refusal_of, why_not
from workflows.services.reading import declared_acts, dismisses, readable_at
from workflows.services.reads import Reads
from workflows.services.reckoning import card_of, remaining_working_days
from workflows.services.signatures import count_of, signs_for
from workflows.services.stepping import Stepper
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.views import ActView, Assignable, CaseView, FieldView, ObjectionView, VoteView, WorkView

_FILLING = (TaskKind.WORK, TaskKind.SIGN)
"""Kinds of task in which what the step itself asks for is filled in."""


class Queues(Stepper, Reads):
    """Show one open task with all that it needs."""

    def work(self, case: CaseId, task: TaskKey, *, by: Officer) -> WorkView:
        """Show one open task.

        Raises:
            CaseUnknown: the officer may not see the case.
            TaskUnknown: the task is gone or not of this officer's team.
        """
        stored = self._seen(case, by=by)
        found = stored.state.tasks.get(task)
        if found is None or not self._is_of_team(found, by):
            raise TaskUnknown
        return self._work_view(stored, found, by=by)

    def open_task(self, case: CaseId, *, by: Officer) -> TaskKey | None:
        """Return the first open task of a case that an officer holds or could take; ``None`` without any.

        Raises:
            CaseUnknown: the officer may not see the case.
        """
        stored = self._seen(case, by=by)
        for task in stored.state.tasks.values():
            if self._is_of_team(task, by) and (task.officer is None or by.stands_for(task.officer)):
                return task.key
        return None

    def assignable(self, case: CaseId, *, by: Officer) -> tuple[Assignable, ...]:
        """Return the open tasks that an officer may hand to a colleague, each with those who could take it.

        Raises:
            CaseUnknown: the officer may not see the case.
        """
        stored = self._seen(case, by=by)
        context = self._context(stored, by=by, at=self._desk.clock.now())
        found = []
        for task in stored.state.tasks.values():
            colleagues = self._colleagues(task, by=by) if task.org == by.org else ()
            able = tuple(
                (officer, name)
                for officer, name in colleagues
                if refusal_of(stored.definition, stored.state, HandOver(task.key, officer), context=context) is None
            )
            if able:
                label = stored.definition.label(f"step.{task.step}")
                found.append(Assignable(task.key, label, self._name(task.officer), able))
        return tuple(found)

    def _seen(self, case: CaseId, *, by: Officer) -> StoredCase:
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        return stored

    def _is_of_team(self, task: Task, by: Officer) -> bool:
        return (
            task.org == by.org
            and self._offices.unit(by.org, task.near) == by.region
            and task.role in by.roles
            and (task.rank is None or task.rank == by.rank)
        )

    def _work_view(self, stored: StoredCase, task: Task, *, by: Officer) -> WorkView:
        definition, state = stored.definition, stored.state
        step = definition.steps[task.step]
        now = self._desk.clock.now()
        calendar = self._desk.calendar
        context = self._view_context(stored, by=by)
        acts = tuple(
            replace(act, fill=self._with_officers(stored, act.fill))
            for act in act_views(stored, task, step=step, context=context)
        )
        case = self._case_view(stored, by=by)
        is_mine = task.officer == by.officer
        is_covered = task.officer in by.covers and task.kind is not TaskKind.VOTE
        may_read = is_mine or is_covered or task.officer is None
        return WorkView(
            case_id=stored.id,
            task=task.key,
            step=task.step,
            step_label=definition.label(f"step.{task.step}"),
            kind=task.kind,
            officer=task.officer,
            is_mine=is_mine,
            can_claim=task.officer is None and state.status is Status.OPEN,
            fields=self._with_names(
                field_views(definition, stored.values, paths=readable_at(definition, step, by=by), is_full=may_read),
                is_own=False,
            ),
            materials=case.materials,
            acts=acts,
            fill=self._fill(stored, step.fill) if isinstance(step, HumanStep) and task.kind in _FILLING else (),
            markable=markable(definition, state, context=context) if any(act.asks_marks for act in acts) else (),
            vote=_vote(stored, task, step=step, me=by.officer) or count_of(stored, task),
            signs=signs_for(stored, task),
            objections=_objections(stored, task, case=case),
            raised_reason=task.reason if task.kind is TaskKind.RAISED else "",
            remaining_working_days=remaining_working_days(task.due_at, today=self._today(), calendar=calendar),
            is_provisional=task.is_provisional,
            card=card_of(task, now=now),
            case=case,
            hand_over_to=self._colleagues(task, by=by),
            covers=self._name(task.officer) if is_covered else "",
            askable=askable_from(stored, task, context=context),
        )

    def _fill(self, stored: StoredCase, paths: tuple[str, ...]) -> tuple[FieldView, ...]:
        return self._with_officers(stored, _fill(stored, paths))

    def _with_officers(self, stored: StoredCase, views: tuple[FieldView, ...]) -> tuple[FieldView, ...]:
        """Offer for each field that names an officer those who hold the post that it is for."""
        return tuple(
            replace(view, options=self._posted(stored, view.path)) if isinstance(view.type, OfficerRef) else view
            for view in views
        )

    def _posted(self, stored: StoredCase, path: str) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        for role in (role for role in stored.definition.roles.values() if role.person == path):
            near = stored.values.get(role.near) if role.near else None
            office = self._offices.nearest(role.org, None if near is None else str(near))
            officers = self._desk.ports.officers
            eligible = officers.eligible(office, role=role.name, rank=role.rank) if office else ()
            names = officers.names(eligible) if eligible else {}
            found |= {str(officer): names.get(officer, "") for officer in eligible}
        return tuple(found.items())

    def _name(self, officer: OfficerId | None) -> str:
        return "" if officer is None else self._desk.ports.officers.names([officer]).get(officer, "")

    def _colleagues(self, task: Task, *, by: Officer) -> tuple[tuple[OfficerId, str], ...]:
        office = self._offices.nearest(by.org, task.near)
        if office is None:
            return ()
        officers = self._desk.ports.officers
        busy = {by.officer, task.officer}
        eligible = [one for one in officers.eligible(office, role=task.role, rank=task.rank) if one not in busy]
        names = officers.names(eligible) if eligible else {}
        return tuple((one, names.get(one, "")) for one in eligible)


def offered(stored: StoredCase, task: TaskKey, *, context: Context) -> tuple[ActView, ...]:
    """Return the acts of a task that somebody who sees only the queue may be offered: those that ask for no field."""
    found = stored.state.tasks.get(task)
    step = stored.definition.steps.get(found.step) if found else None
    if found is None or not isinstance(step, HumanStep) or step.fill:
        return ()
    return tuple(act for act in act_views(stored, found, step=step, context=context) if act.label)


def act_views(stored: StoredCase, task: Task, *, step: Step, context: Context) -> tuple[ActView, ...]:
    """Return the acts of a task in the order of the item, each with why it is not on offer, if it is not."""
    declared = {act.id: act for act in declared_acts(step)}
    return tuple(_act(stored, task, act=declared.get(act_id), act_id=act_id, context=context) for act_id in task.acts)


def _act(stored: StoredCase, task: Task, *, act: Act | None, act_id: str, context: Context) -> ActView:
    definition = stored.definition
    refusal = why_not(definition, stored.state, (task.key, act_id), context=context)
    if act is None or task.kind is TaskKind.RAISED:
        is_raised = task.kind is TaskKind.RAISED
        label = definition.labels.get(f"act.{act_id}", "")
        needs_reason = is_raised or task.kind is TaskKind.CONSULT
        return ActView(act_id, label, needs_reason=needs_reason, is_enabled=not refusal, why_not=refusal)
    closing = definition.outcomes.get(act.end) if act.end else None
    return ActView(
        id=act.id,
        label=act.label,
        needs_reason=bool(closing and closing.remedies) or dismisses(definition, task, act.id),
        is_enabled=not refusal,
        why_not=refusal,
        asks_marks=act.ask is not None,
        document=act.doc,
        returns_to=definition.label(f"step.{act.back}") if act.back else "",
        closes_with=act.end,
        fill=_fill(stored, act.fill),
        explanation=_why_closed(stored, act, context=context) if refusal == ActNotAllowed.code else None,
    )


def _why_closed(stored: StoredCase, act: Act, *, context: Context) -> Explanation | None:
    today = context.calendar.local_date(context.now)
    return why_act_is_closed(act, stored.definition, stored.values, today=today)


def _fill(stored: StoredCase, paths: tuple[str, ...]) -> tuple[FieldView, ...]:
    definition = stored.definition
    return tuple(
        field_view(
            definition,
            path,
            stored=stored.values.stored(path),
            is_full=True,
            is_required=not definition.fields[path].is_maybe,
        )
        for path in paths
    )


def _vote(stored: StoredCase, task: Task, *, step: Step, me: OfficerId) -> VoteView | None:
    if task.kind is not TaskKind.VOTE or not isinstance(step, HumanStep) or step.vote is None:
        return None
    votes = next((active.votes for active in stored.state.active if active.step == task.step), {})
    return VoteView(step.vote.of, step.vote.need, len(votes), votes.get(str(me)))


def _objections(stored: StoredCase, task: Task, *, case: CaseView) -> tuple[ObjectionView, ...]:
    if task.kind is not TaskKind.OBJECTION:
        return ()
    raised = [
        entry for entry in case.timeline if (entry.kind, entry.step, entry.visit) == ("objected", task.step, task.visit)
    ]
    paths = [f"{task.step}.objection.{entry.visit}.{entry.detail['number']}" for entry in raised]
    found = [(stored.values.get(path), entry.at) for path, entry in zip(paths, raised, strict=True)]
    return tuple(ObjectionView(str(text), at) for text, at in found if text is not None)
