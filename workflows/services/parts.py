"""Open, recall and hear of the cases that a bundle (一件事) holds; the outbox joins what no transaction may."""

from collections.abc import Mapping
from contextlib import suppress

import orjson

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, PersonId
from gov_portal.kernel.principal import Citizen, Platform
from workflows.domain.commands import Result, ResultKind, Submit, WithdrawCase
from workflows.domain.definition import OpenStep
from workflows.domain.endings import ending_of
from workflows.domain.opening import BASIS, GROUND
from workflows.domain.state import Status
from workflows.engine.part_results import OUTCOME
from workflows.engine.refusals import TransitionRefused
from workflows.engine.standing import why_it_stands
from workflows.sealing import MATERIALS, Stored
from workflows.services.attachments import file_owner
from workflows.services.errors import CaseUnknown
from workflows.services.inputs import is_file
from workflows.services.opening import NewCase
from workflows.services.prefilling import answers_of
from workflows.services.stepping import Order
from workflows.services.successors import Successors
from workflows.storage.drafts import discard_draft
from workflows.storage.loading import StoredCase
from workflows.storage.parts import PartOf
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved

_WORKER = Platform("worker")


class Parts(Successors):
    """Carry out what a case asks of the cases that it opened; each method may run twice."""

    def open_part(self, parent: StoredCase, step: OpenStep, *, visit: int) -> None:
        """Open the case of a part with what this one has, and hand it in; the same again while it is there.

        Where something is still wanting it stays a draft, which the applicant finds on the bundle's page.
        """
        place = PartOf(parent.id, step.id, visit)
        by, child = applicant_of(parent), place.case
        self._insert_part(parent, step, place, by=by)
        self._ask_departments(child, by=by)
        self._hand_over_files(parent, child, step=step)
        # It is refused where it was handed in before, or where something is wanting that only the applicant knows.
        with suppress(TransitionRefused):
            self._carry_out(child, lambda stored: Submit(), order=Order(by=by))
        self._tell_wanting(place)
        current = self._find(parent.id, sight=visible_to(_WORKER))
        if step.waits and (current is None or not is_waiting(current, step.id, visit=visit)):
            self.recall_part(place)

    def recall_part(self, place: PartOf) -> None:
        """Withdraw a part of a bundle that ended without it; one that can no longer be withdrawn goes its own way."""
        child = self._find(place.case, sight=visible_to(_WORKER))
        if child is None or child.state.status is Status.CLOSED:
            return
        if child.state.status is Status.DRAFT:
            self._discard_part(child, place)
            return
        try:
            self._carry_out(child.id, lambda stored: WithdrawCase(), order=Order(by=applicant_of(child)))
        except TransitionRefused:
            return

    def result_of(self, parent: StoredCase, step: OpenStep, *, visit: int) -> tuple[Result, Mapping[str, Stored]]:
        """Return how a part ended, with what it gives and where that came from.

        Raises:
            CaseUnknown: there is no such case.
        """
        child = self._find(PartOf(parent.id, step.id, visit).case, sight=visible_to(_WORKER))
        if child is None:
            raise CaseUnknown
        if child.state.status is not Status.CLOSED:
            # A draft that was thrown away before it was handed in.
            return Result(step.id, visit, ResultKind.WITHDRAWN), {}
        given = {path: child.values.stored(theirs) for path, theirs in step.gives.items()}
        known = {path: one for path, one in given.items() if one is not None and one.value is not None}
        fields: dict[str, object] = {path: one.value for path, one in known.items()}
        fields[f"{step.id}.{OUTCOME}"] = child.state.outcome
        return Result(step.id, visit, ending_of(child.definition, child.state.outcome), fields), known

    def clock_of(self, parent: StoredCase, step: OpenStep, *, visit: int) -> Result | None:
        """Return whether a part stands now and why; nothing where there is none, or none that is open."""
        child = self._find(PartOf(parent.id, step.id, visit).case, sight=visible_to(_WORKER))
        if child is None or child.state.status is Status.CLOSED:
            return None
        why = why_it_stands(child.definition, child.state)
        if why is None:
            return Result(step.id, visit, ResultKind.RUNS)
        ground, basis = why
        told = {f"{step.id}.{GROUND}": ground, f"{step.id}.{BASIS}": basis}
        return Result(step.id, visit, ResultKind.STANDS, told)

    def _tell_wanting(self, place: PartOf) -> None:
        """Tell the bundle of a part that stays a draft: it waits for the applicant."""
        child = self._find(place.case, sight=visible_to(_WORKER))
        if child is not None and child.state.status is Status.DRAFT:
            with self._desk.db.begin() as uow:
                outbox.add(uow, place.clock_message(child.row.rev))

    def _insert_part(self, parent: StoredCase, step: OpenStep, place: PartOf, *, by: Citizen) -> None:
        definition = self._desk.definitions.by_hash(step.version)
        values = {}
        for theirs, own in step.takes.items():
            stored = parent.values.stored(own)
            if stored is not None and stored.value is not None and not is_file(definition, theirs):
                values[theirs] = stored
        sources = {prefill.source for prefill in definition.prefills}
        answers = {source: kind for source, kind in answers_of(parent).items() if source in sources}
        notes = {"answers": answers, "pages": [page.id for page in definition.pages]}
        new = NewCase(
            case=place.case,
            definition=definition,
            by=by,
            is_extra=True,
            part_of=place,
            values=values,
            columns={"draft": orjson.dumps(notes).decode()},
        )
        self._open_once(new)

    def _hand_over_files(self, parent: StoredCase, child: CaseId, *, step: OpenStep) -> None:
        definition = self._desk.definitions.by_hash(step.version)
        paths = {theirs: own for theirs, own in step.takes.items() if is_file(definition, theirs)}
        paths |= {f"{MATERIALS}.{theirs}": f"{MATERIALS}.{own}" for theirs, own in step.papers.items()}
        self._copy_files(parent, child, paths=paths)

    def _discard_part(self, child: StoredCase, place: PartOf) -> None:
        try:
            with self._desk.db.begin() as uow:
                discard_draft(uow.driver, child)
                self._desk.files.remove_all(uow, owner=file_owner(child.id))
        except CaseMoved:
            # Handed in meanwhile: it is withdrawn as any other.
            self.recall_part(place)


def applicant_of(stored: StoredCase) -> Citizen:
    """Return who applied, with the assurance that the application proved."""
    row = stored.row
    ward = PersonId(row.applicant) if row.applicant != row.begun_by else None
    return Citizen(PersonId(row.begun_by), ial=stored.definition.facts.ial, aal=2, acting_for=ward)


def is_waiting(stored: StoredCase, step: str, *, visit: int) -> bool:
    """Tell whether a case still waits for what a visit of a step opened."""
    return any(active.step == step and active.visit == visit for active in stored.state.active)
