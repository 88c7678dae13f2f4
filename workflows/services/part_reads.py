"""Show what a bundle (一件事) holds, and to which bundle a case belongs."""

from collections.abc import Mapping

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Citizen, Principal
from workflows.domain.definition import Definition, OpenStep, Phase
from workflows.domain.opening import RESULT
from workflows.domain.state import Status
from workflows.services.desk import Service
from workflows.storage.loading import StoredCase
from workflows.storage.parts import PartRow, parts_of, whole_of
from workflows.storage.visibility import visible_to
from workflows.views import PartView, WholeView


class PartReads(Service):
    """Read parts and wholes; an item that opens nothing and is opened by nothing costs no statement."""

    def _parts(self, stored: StoredCase) -> tuple[PartView, ...]:
        steps = stored.definition.parts
        if not steps or stored.state.status is Status.DRAFT:
            return ()
        with self._desk.db.driver() as driver:
            rows = {row.step: row for row in parts_of(driver, stored.id)}
        found = []
        for step in steps:
            row = rows.get(step.id)
            state = _state_of(stored, step, row)
            if state:
                found.append(self._part(stored.definition, step, state, row))
        return tuple(found)

    def _whole(self, stored: StoredCase, *, by: Principal) -> WholeView | None:
        place = stored.place
        if place is None:
            return None
        with self._desk.db.driver() as driver:
            whole = whole_of(driver, place.parent)
            rows = [row for row in parts_of(driver, place.parent) if row.id != stored.id]
        if whole is None:
            return None
        definition = self._desk.definitions.by_hash(whole.definition_hash)
        steps = {step.id: step for step in definition.parts}
        parts = [
            self._part(definition, steps[row.step], "open" if row.status != "closed" else "closed", row, is_own=False)
            for row in rows
            if row.step in steps
        ]
        return WholeView(
            item=ItemId(definition.facts.id),
            name=definition.facts.name,
            case_number=whole.case_number or "",
            step=place.step,
            parts=tuple(parts),
            case=place.parent if isinstance(by, Citizen) else None,
        )

    def _part(
        self, definition: Definition, step: OpenStep, state: str, row: PartRow | None, *, is_own: bool = True
    ) -> PartView:
        after = tuple(definition.label(f"step.{name}") for name in step.after) if state == "waiting" else ()
        if row is None:
            return PartView(step.id, step.item, step.name, state, after=after)
        item = self._desk.definitions.by_hash(row.definition_hash)
        return PartView(
            step=step.id,
            item=step.item,
            name=item.facts.name,
            state=state,
            case=CaseId(row.id) if is_own else None,
            case_number=row.case_number or "",
            status=Status(row.status),
            phase=Phase(row.phase),
            is_returned=row.is_returned,
            outcome=row.outcome,
            outcome_label=item.label(f"outcome.{row.outcome}") if row.outcome else "",
            needs_applicant=row.needs_applicant,
            changed_at=row.changed_at,
        )

    def part_cases(self, case: CaseId, *, by: Principal) -> Mapping[str, CaseId]:
        """Return the cases of the parts of a bundle that a principal may see, by step."""
        if self._find(case, sight=visible_to(by)) is None:
            return {}
        with self._desk.db.driver() as driver:
            return {row.step: CaseId(row.id) for row in parts_of(driver, case)}


def _state_of(stored: StoredCase, step: OpenStep, row: PartRow | None) -> str:
    """Return where a part stands, empty where it does not belong to this case."""
    result = stored.values.get(f"{step.id}.{RESULT}")
    if result is not None:
        return str(result)
    if row is not None:
        return "wanting" if row.status == "draft" else "open"
    active = next((one for one in stored.state.active if one.step == step.id), None)
    if active is None:
        return ""
    return "opening" if active.attempts else "waiting"
