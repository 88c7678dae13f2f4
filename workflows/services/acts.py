"""Carry out the acts of an open task."""

from collections.abc import Mapping
from dataclasses import replace

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer, Principal
from workflows.domain.commands import ActOn, Result, ReturnSupplement
from workflows.domain.state import TaskKind
from workflows.engine.refusals import FieldMissing, ReasonMissing, StaleTask
from workflows.engine.supplement import unlocked_by
from workflows.sealing import MATERIALS, Stored
from workflows.services.attachments import file_faults
from workflows.services.errors import CaseUnknown
from workflows.services.inputs import Inputs, all_missing
from workflows.services.prefilling import gather
from workflows.services.reading import dismisses, filled_by
from workflows.services.reads import Reads
from workflows.services.stepping import Build, Order, Stepper, request_key
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.views import SupplementView


class Acts(Stepper, Reads):
    """Let officers act and applicants answer; let workers report results."""

    def act(self, case: CaseId, command: ActOn, *, by: Officer, key: str | None = None) -> None:
        """Act on a task, vote, fill (act ``done``) or confirm; ``command.fields`` are raw inputs by field path.

        Raises:
            InvalidFields: every unacceptable input at once.
            TransitionRefused: ``case.stale-task`` when somebody was quicker, and the other ``case.*`` codes.
            KeyReused: ``case.key-reused`` when ``key`` came with another body before.
        """
        body = ["act", command.task, command.act, dict(command.fields), command.reason, command.marks]
        order = Order(by=by, request=request_key(by, key, body=body))
        self._say_missing(case, lambda stored: self._act_on(stored, command), order=order)

    def rehearse(self, case: CaseId, command: ActOn, *, by: Officer) -> None:
        """Refuse an act exactly as ``act`` would now, and change nothing.

        Raises:
            InvalidFields, TransitionRefused: as ``act``.
            CaseUnknown: the case is not one that ``by`` may see.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        try:
            self._decide(stored, self._act_on(stored, command), order=Order(by=by))
        except FieldMissing as refusal:
            raise all_missing(refusal) from None

    def _act_on(self, stored: StoredCase, command: ActOn) -> ActOn:
        """Return the command with its inputs parsed.

        Raises:
            StaleTask: the task is gone.
            ReasonMissing: an objection is dismissed without a word.
            InvalidFields: every unacceptable input at once.
        """
        task = stored.state.tasks.get(command.task)
        if task is None:
            raise StaleTask(task=command.task)
        if dismisses(stored.definition, task, command.act) and not command.reason.strip():
            # Whoever objected must be able to learn why it came to nothing.
            raise ReasonMissing(act=command.act)
        if not command.fields:
            return command
        inputs = Inputs(stored.definition)
        inputs.take(command.fields, allowed=filled_by(stored.definition.steps[task.step]))
        return replace(command, fields=self._checked(stored, inputs))

    def supplement(
        self, case: CaseId, *, by: Citizen, raw: Mapping[str, object] | None = None
    ) -> SupplementView | None:
        """Show what a supplement wants, with what the answers in ``raw`` make necessary beside the marks.

        Raises:
            CaseUnknown: the case is not one that ``by`` may see.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        task = next((task for task in stored.state.tasks.values() if task.kind is TaskKind.SUPPLEMENT), None)
        if task is None:
            return None
        inputs = Inputs(stored.definition)
        inputs.take(raw or {}, allowed=_answerable(stored))
        return self._supplement(stored, task, further=self._unlocked(stored, inputs.values))

    def return_supplement(
        self, case: CaseId, *, task: TaskKey, raw: Mapping[str, object], by: Citizen, key: str | None = None
    ) -> None:
        """Hand in the marked fields and materials (补正), and what they make necessary.

        Raises:
            InvalidFields: every unacceptable input at once.
        """
        sources = self._shared_for_supplement(case, raw=raw, by=by)

        def build(stored: StoredCase) -> ReturnSupplement:
            inputs = Inputs(stored.definition)
            inputs.take(raw, allowed=_answerable(stored))
            fields = self._checked(stored, inputs)
            unlocked = self._unlocked(stored, fields)
            shared = {path: one.value for path, one in sources.items() if path in unlocked and path not in fields}
            return ReturnSupplement(task, {**fields, **shared})

        request = request_key(by, key, body=["return-supplement", task, dict(raw)])
        self._say_missing(case, build, order=Order(by=by, request=request, sources=sources))

    def result(self, case: CaseId, result: Result, *, by: Principal) -> None:
        """Apply the result of a call, issue, delivery or undo."""
        self._carry_out(case, lambda stored: result, order=Order(by=by))

    def _say_missing(self, case: CaseId, build: Build, *, order: Order) -> None:
        try:
            self._carry_out(case, build, order=order)
        except FieldMissing as refusal:
            raise all_missing(refusal) from None

    def _checked(self, stored: StoredCase, inputs: Inputs) -> dict[str, object]:
        """Return typed values whose files are all of this case.

        Raises:
            InvalidFields: with every fault.
        """
        files = inputs.files()
        if files:
            with self._desk.db.driver() as driver:
                inputs.faults += file_faults(self._desk.files, driver, stored=stored, files=files)
        return inputs.settle()

    def _shared_for_supplement(self, case: CaseId, *, raw: Mapping[str, object], by: Citizen) -> dict[str, Stored]:
        """Ask departments for what the answers make necessary, before the case is locked."""
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        inputs = Inputs(stored.definition)
        inputs.take(raw, allowed=_answerable(stored))
        if inputs.faults or not self._unlocked(stored, inputs.values):
            return {}
        return gather(self._desk, stored, by=by, values={**stored.values, **inputs.values}).values

    def _unlocked(self, stored: StoredCase, fields: Mapping[str, object]) -> tuple[str, ...]:
        today = self._desk.calendar.local_date(self._desk.clock.now())
        return unlocked_by(stored.definition, stored.state, stored.values, fields, today=today)


def _answerable(stored: StoredCase) -> frozenset[str]:
    """Return the paths that may stand in the answer to a supplement; the engine says which of them do."""
    definition = stored.definition
    asked = {one.path for page in definition.pages for one in page.fields}
    given = {path for prefill in definition.prefills for path in prefill.gives}
    return frozenset(asked | given | {f"{MATERIALS}.{material.id}" for material in definition.materials})
