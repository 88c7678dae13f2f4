"""Open the case that appeals another (复议)."""

from collections.abc import Mapping

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Citizen
from workflows.definitions import ItemUnknown
from workflows.domain.commands import OpenAppeal
from workflows.domain.definition import APPLICANT, Definition
from workflows.engine.appealing import appealable_since
from workflows.engine.refusals import NoAppealNow
from workflows.sealing import APPEALED, TYPED, Stored
from workflows.services.opening import NewCase
from workflows.services.stepping import Order
from workflows.services.successors import Bond, Successors, opening_later, successor_of
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

REASON = "appeal.reason"
GROUNDS = "grounds"
"""Name of the field of the successor that the reason of the appeal goes to."""


_UNDECIDED = "逾期未作出决定"
"""What an appeal is about where the office let the law's time pass (不作为)."""


class Appeals(Successors):
    """Open successor cases; each case is written in a transaction of its own."""

    def appeal(self, case: CaseId, *, by: Citizen, reason: str) -> CaseId:
        """Open the item's appeal about a closed case and return the new draft; the same again while there is one.

        Raises:
            TransitionRefused: ``case.no-appeal-now``.
        """
        stored, standing = self._involved(case, by=by)
        successor = successor_of(case, Bond.APPEAL)
        if stored.row.appealed_by is None:
            sight = visible_to(by, as_party=standing != APPLICANT)
            order = self._appeal_order(case, by, reason)._replace(standing=standing, sight=sight)
            self._carry_out(case, lambda locked: OpenAppeal(successor), order=order)
        self.open_successor(case, by=by)
        return successor

    def appeal_item(self, case: CaseId, *, by: Citizen) -> ItemId:
        """Return the item that an appeal about a case opens.

        Raises:
            TransitionRefused: ``case.no-appeal-now``.
        """
        stored, _ = self._involved(case, by=by)
        return self._successor_item(stored).facts.id

    def open_successor(self, case: CaseId, *, by: Citizen) -> None:
        """Open the draft that appeals a case, unless it is there; called again by the outbox after a crash."""
        successor = successor_of(case, Bond.APPEAL)
        if self._find(successor, sight=visible_to(by)) is not None:
            return
        stored, _ = self._involved(case, by=by)
        definition = self._successor_item(stored)
        values = _carried(stored, definition, self._about(stored))
        new = NewCase(case=successor, definition=definition, by=by, is_extra=True, appeal_of=case, values=values)
        if self._open_once(new):
            self._ask_departments(successor, by=by)

    def _appeal_order(self, case: CaseId, by: Citizen, reason: str) -> Order:
        return Order(
            by=by,
            notes={REASON: Stored(reason.strip(), TYPED, self._desk.clock.now())},
            columns={"appealed_by": successor_of(case, Bond.APPEAL)},
            also=opening_later(case, Bond.APPEAL, kind="open", by=by),
        )

    def _successor_item(self, stored: StoredCase) -> Definition:
        rule = stored.definition.anytime.appeal
        if rule is None:
            raise NoAppealNow
        definitions = self._desk.definitions
        try:
            return definitions.current(rule.opens)
        except ItemUnknown:
            # An item may be named by the last part of its id.
            named = [one for one in definitions.headings() if one.facts.id.rpartition(".")[2] == rule.opens]
            if len(named) != 1:
                raise
            return definitions.current(ItemId(named[0].facts.id))

    def _about(self, stored: StoredCase) -> Mapping[str, object]:
        """Return what a successor may say about a case."""
        definition, state = stored.definition, stored.state
        outcome = definition.outcomes.get(state.outcome or "")
        label = definition.labels.get(f"outcome.{outcome.id}", outcome.closing) if outcome else _UNDECIDED
        now, calendar = self._desk.clock.now(), self._desk.calendar
        since = appealable_since(definition.anytime.appeal, state, at=now, calendar=calendar)
        return {
            "case_number": stored.case_number,
            "item_name": stored.definition.facts.name,
            "outcome": label,
            "closed_on": state.closed_on or since,
            GROUNDS: stored.values.get(REASON),
        }


def _carried(stored: StoredCase, definition: Definition, about: Mapping[str, object]) -> dict[str, Stored]:
    """Return the values of the successor that come from the case it appeals."""
    at = stored.state.closed_at or stored.row.begun_at
    given = {path for prefill in definition.prefills if prefill.source == APPEALED for path in prefill.gives}
    values = {}
    for path in definition.fields:
        name = path.rpartition(".")[2]
        value = about.get(name)
        if value and (path in given or name == GROUNDS):
            source = APPEALED if path in given else TYPED
            values[path] = Stored(value, source, at, is_verified=path in given)
    return values
