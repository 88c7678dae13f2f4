"""Let the applicant and other parties (当事人) take their steps of a case, and show each their own part of it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gov_portal.kernel.db import driver_of
from gov_portal.kernel.ids import CaseId, FileId, ItemId
from gov_portal.kernel.pictures import prepare
from gov_portal.kernel.principal import Citizen
from workflows.domain.commands import ActOn, OpenAppeal
from workflows.domain.definition import APPLICANT, Definition, HumanStep
from workflows.domain.state import Context, Status, Task, TaskKind
from workflows.engine.refusals import FieldMissing, StaleTask
from workflows.services.acts import Acts
from workflows.services.attachments import file_owner
from workflows.services.errors import FieldNotAsked, FileUnknown
from workflows.services.inputs import Inputs, all_missing, is_file
from workflows.services.presenting import field_view, field_views
from workflows.services.probing import refusal_of
from workflows.services.queues import act_views
from workflows.services.reading import filled_by
from workflows.services.reckoning import last_day
from workflows.services.stepping import Order, request_key
from workflows.storage.lists import documents_of
from workflows.storage.loading import StoredCase
from workflows.storage.parties import involving
from workflows.storage.visibility import visible_to
from workflows.views import DocumentView, InvolvedCase, InvolvedView, TurnView

_TURNS = (TaskKind.WORK, TaskKind.SIGN)
_NOBODY = CaseId(UUID(int=0))


class Involvement(Acts):
    """Show and move a case for the citizens in it."""

    def involved_in(self, by: Citizen) -> tuple[InvolvedCase, ...]:
        """List the cases that involve a person as a party, the latest change first."""
        with self._desk.db.driver() as driver:
            rows = involving(driver, by)
        found = []
        for row in rows:
            definition = self._desk.definitions.by_hash(row.definition_hash)
            party = definition.label(f"role.{row.party}")
            changed_at = row.changed_at if isinstance(row.changed_at, datetime) else self._desk.clock.now()
            found.append(
                InvolvedCase(
                    CaseId(row.id),
                    row.case_number or "",
                    ItemId(row.item),
                    definition.facts.name,
                    party,
                    Status(row.status),
                    row.is_asked,
                    changed_at,
                )
            )
        return tuple(found)

    def involvement(self, case: CaseId, *, by: Citizen) -> InvolvedView:
        """Show a person their part of a case, and what they are asked now.

        Raises:
            CaseUnknown: neither their own case nor one that they take part in.
        """
        stored, standing = self._involved(case, by=by)
        definition, state = stored.definition, stored.state
        context = replace(self._view_context(stored, by=by), standing=standing)
        with self._desk.db.driver() as driver:
            documents = documents_of(driver, case)
        gets = definition.parties[standing].gets if standing in definition.parties else ()
        outcome = definition.labels.get(f"outcome.{state.outcome}", "") if state.outcome else ""
        may_appeal = refusal_of(definition, state, OpenAppeal(_NOBODY), context=context) is None
        return InvolvedView(
            case=stored.id,
            case_number=stored.case_number,
            item=stored.item,
            item_name=definition.facts.name,
            pinned=definition.hash,
            party="" if standing == APPLICANT else definition.label(f"role.{standing}"),
            status=state.status,
            outcome=outcome,
            fields=field_views(definition, stored.values, paths=_paths(definition, standing), is_full=True),
            documents=tuple(DocumentView(FileId(one.file), one.name, one.at) for one in documents if one.name in gets),
            turn=self._turn(stored, standing, context=context),
            may_appeal=may_appeal and standing != APPLICANT,
            appeal_until=self._appeal_until(stored),
        )

    def take_turn(self, case: CaseId, command: ActOn, *, by: Citizen, key: str | None = None) -> None:
        """Carry out one act of a step that is the person's; ``command.fields`` are raw inputs by field path.

        Raises:
            InvalidFields: every unacceptable input at once.
            TransitionRefused: ``case.not-your-task``, ``case.stale-task`` and the other ``case.*`` codes.
        """
        _, standing = self._involved(case, by=by)

        def build(stored: StoredCase) -> ActOn:
            task = stored.state.tasks.get(command.task)
            if task is None:
                raise StaleTask(task=command.task)
            inputs = Inputs(stored.definition)
            inputs.take(command.fields, allowed=filled_by(stored.definition.steps[task.step]))
            return replace(command, fields=self._checked(stored, inputs))

        body = ["take-turn", command.task, command.act, dict(command.fields), command.reason]
        order = Order(
            by=by,
            sight=visible_to(by, as_party=standing != APPLICANT),
            standing=standing,
            request=request_key(by, key, body=body),
        )
        try:
            self._carry_out(case, build, order=order)
        except FieldMissing as refusal:
            raise all_missing(refusal) from None

    def attach_in_turn(self, case: CaseId, path: str, content: bytes, *, claimed_type: str, by: Citizen) -> FileId:
        """Store a file that the person's open step asks for; hand the id in with the act.

        Raises:
            CaseUnknown, FieldNotAsked, FileRefused: not theirs, not asked now, or no acceptable file.
        """
        stored, standing = self._involved(case, by=by)
        task = _task_of(stored, standing)
        step = stored.definition.steps[task.step] if task is not None else None
        if step is None or path not in filled_by(step) or not is_file(stored.definition, path):
            raise FieldNotAsked(field=path)
        self._desk.keys.cipher(stored.key_id)
        fit = prepare(content, claimed_type=claimed_type)
        with self._desk.db.begin() as uow:
            kept = self._desk.files.put(
                uow, fit.content, claimed_type=fit.media_type, key=stored.key_id, owner=file_owner(case)
            )
        return kept.id

    def involved_file(self, case: CaseId, file: FileId, *, by: Citizen) -> tuple[str, bytes]:
        """Return media type and content of a file that is shown to the person, or of a notice that they get.

        Raises:
            CaseUnknown, FileUnknown: not theirs, or no such file for them.
        """
        view = self.involvement(case, by=by)
        shown = {str(one.value) for one in view.fields} | {str(one.file) for one in view.documents}
        if str(file) not in shown:
            raise FileUnknown
        with self._desk.db.read() as connection:
            if self._desk.files.owner(driver_of(connection), file) != file_owner(case):
                raise FileUnknown
            kept, content = self._desk.files.get(connection, file)
        return kept.media_type, content

    def _turn(self, stored: StoredCase, standing: str, *, context: Context) -> TurnView | None:
        task = _task_of(stored, standing)
        step = stored.definition.steps[task.step] if task is not None else None
        if task is None or not isinstance(step, HumanStep):
            return None
        definition = stored.definition
        fill = tuple(
            field_view(
                definition,
                path,
                stored.values.stored(path),
                is_full=True,
                is_required=not definition.fields[path].is_maybe,
            )
            for path in step.fill
        )
        return TurnView(
            task.key,
            task.step,
            definition.label(f"step.{task.step}"),
            act_views(stored, task, step=step, context=context),
            fill,
            last_day(task.due_at, calendar=self._desk.calendar),
        )


def _task_of(stored: StoredCase, standing: str) -> Task | None:
    if stored.state.status is not Status.OPEN:
        return None
    tasks = stored.state.tasks.values()
    return next((task for task in tasks if task.role == standing and task.kind in _TURNS), None)


def _paths(definition: Definition, standing: str) -> tuple[str, ...]:
    """Return what the steps of a citizen show, and what they fill."""
    found: dict[str, None] = {}
    for step in definition.steps.values():
        if isinstance(step, HumanStep) and standing in (step.by, *(step.each.of if step.each else ())):
            found.update(dict.fromkeys((*step.show, *filled_by(step))))
    return tuple(found)
