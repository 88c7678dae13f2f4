"""Carry out what an operator decides about parked work of a case (搁置): one step of the case, in its own ledger."""

from uuid import UUID

from gov_portal.kernel import parking
from gov_portal.kernel.decisions import Decision
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.parking import ParkedWork
from gov_portal.kernel.principal import Platform, Principal
from workflows.domain.commands import Mend
from workflows.services.errors import CaseBusy, CaseUnknown
from workflows.services.stepping import MOST_ATTEMPTS, Order, Stepper
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved, write

_EVERY_CASE = visible_to(Platform("operator"))


class Mending(Stepper):
    """Settle parked work whose payload names a case."""

    def settle(self, work: ParkedWork, decision: Decision, *, by: Principal) -> None:
        """Carry the decision out and record it in one transaction; a case that is gone has nothing to record.

        Raises:
            CaseUnknown: there is no such case any more; only to end the work is left then.
            TransitionRefused: the case does not allow it now.
            WorkMoved: somebody else has decided.
            CaseBusy: others moved the case again and again.
        """
        payload = work.message.payload
        kind, step = str(payload.get("kind", "")), str(payload.get("step", ""))
        command = Mend(kind, step, int(str(payload.get("visit", 0))), decision)
        order = Order(by=by, sight=_EVERY_CASE)
        for _ in range(MOST_ATTEMPTS):
            stored = self._find(CaseId(UUID(str(payload["case"]))), sight=_EVERY_CASE)
            if stored is None:
                raise CaseUnknown
            record = self._decide(stored, command, order=order)
            try:
                with self._desk.db.begin() as uow:
                    parking.settle(uow, work, decision.way)
                    write(uow.driver, stored, record, unit_of=self._offices.unit)
            except CaseMoved:
                continue
            return
        raise CaseBusy
