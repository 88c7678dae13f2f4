"""Bill applicants through the payment department, take bills back, and show how they stand."""

from gov_portal.kernel.principal import Citizen, Officer, Principal
from workflows.domain.expressions import AbsentValue, evaluate
from workflows.domain.paying import FREE, PAID, PayStep, line_path
from workflows.ports import BillRequest, BillStanding
from workflows.services.desk import Service
from workflows.services.reckoning import last_day
from workflows.storage.loading import StoredCase
from workflows.views import BillLine, BillView


class Billing(Service):
    """Place bills and take them back; both may run twice."""

    def place_bill(self, stored: StoredCase, step: PayStep, *, visit: int) -> None:
        """Place the bill of a visit as its lines were frozen.

        Raises:
            PartnerUnavailable: the payment department does not answer.
        """
        facts = stored.definition.facts
        request = BillRequest(
            case=stored.id,
            case_number=stored.case_number,
            step=step.id,
            visit=visit,
            payee=facts.authority,
            title=f"{facts.name} · {stored.definition.label(f'step.{step.id}')}",
            lines=tuple((line.name, line.amount_fen) for line in lines_of(stored, step)),
        )
        self._desk.ports.payments.bill(request)

    def take_bill_back(self, stored: StoredCase, step: PayStep, *, visit: int) -> None:
        """Cancel or refund the bill of a visit.

        Raises:
            PartnerUnavailable: the payment department does not answer.
        """
        refund_fen = self._refund_fen(stored, step, visit=visit)
        self._desk.ports.payments.take_back(stored.id, step.id, visit, refund_fen=refund_fen)

    def bills_of(self, stored: StoredCase, *, by: Principal) -> tuple[BillView, ...]:
        """Return the latest bill of every step that was reached; only the applicant is told where to pay."""
        steps = [step for step in stored.definition.steps.values() if isinstance(step, PayStep)]
        reached = [step for step in steps if stored.state.visits.get(step.id)]
        if not reached:
            return ()
        standings = {(one.step, one.visit): one for one in self._desk.ports.payments.standings(stored.id)}
        return tuple(
            self._bill(stored, step, standings.get((step.id, stored.state.visits[step.id])), by=by) for step in reached
        )

    def _bill(self, stored: StoredCase, step: PayStep, standing: BillStanding | None, *, by: Principal) -> BillView:
        task = next((task for task in stored.state.tasks.values() if task.step == step.id), None)
        is_free = stored.values.get(f"{step.id}.result") == FREE
        is_open = task is not None and isinstance(by, Citizen) and standing is not None and standing.state == "placed"
        return BillView(
            step=step.id,
            step_label=stored.definition.label(f"step.{step.id}"),
            lines=lines_of(stored, step),
            amount_fen=_fen(stored.values.get(f"{step.id}.amount")),
            state=FREE if is_free else standing.state if standing else "new",
            pay_url=standing.pay_url if is_open and standing else "",
            due_on=last_day(task.due_at, calendar=self._desk.calendar) if task else None,
            has_failed=bool(standing and standing.has_failed),
            refunded_fen=standing.refunded_fen if standing else 0,
            may_revise=task is not None and _may_revise(stored, step, by=by),
        )

    def _refund_fen(self, stored: StoredCase, step: PayStep, *, visit: int) -> int:
        """Return how much is given back: what the item says of a payment that counted, all of one that did not."""
        amount = _fen(stored.values.get(f"{step.id}.amount"))
        counted = stored.values.get(f"{step.id}.result") == PAID and stored.values.get(f"{step.id}.visit") == visit
        if not counted:
            bills = self._desk.ports.payments.standings(stored.id)
            return next((one.amount_fen for one in bills if (one.step, one.visit) == (step.id, visit)), amount)
        if step.refund is None:
            return amount
        lets = {name: stored.values.get(f"let.{name}") for name in stored.definition.lets}
        today = self._desk.calendar.local_date(self._desk.clock.now())
        try:
            given_back = evaluate(step.refund, stored.values, today=today, lets=lets)
        except AbsentValue:
            return amount
        return min(amount, max(0, _fen(given_back)))


def _may_revise(stored: StoredCase, step: PayStep, *, by: Principal) -> bool:
    role = stored.definition.roles.get(step.revise or "")
    return role is not None and isinstance(by, Officer) and role.name in by.roles and role.org == by.org


def lines_of(stored: StoredCase, step: PayStep) -> tuple[BillLine, ...]:
    """Return the lines of the latest bill that are to be paid."""
    amounts = [stored.values.get(line_path(step.id, number)) for number in range(1, len(step.lines) + 1)]
    return tuple(
        BillLine(line.name, _fen(amount), line.basis or "", number)
        for number, (line, amount) in enumerate(zip(step.lines, amounts, strict=True), start=1)
        if amount is not None
    )


def _fen(value: object) -> int:
    return value if isinstance(value, int) else 0
