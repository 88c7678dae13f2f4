"""Bill the applicant (缴费) and take in what became of the bill."""

from workflows.domain.commands import Result, ResultKind
from workflows.domain.definition import NEXT
from workflows.domain.paying import PAID, UNPAID, PayStep
from workflows.domain.state import ActiveStep
from workflows.engine.bills import settle_bill
from workflows.engine.closing import drop_task, lapse, queue_undos
from workflows.engine.entering import complete, open_bill
from workflows.engine.plan import Place
from workflows.engine.run import Run

LONGEST_DELAY_S = 900


def apply_payment(run: Run, place: Place, *, active: ActiveStep, result: Result) -> None:
    """Apply what the payment department says: the bill is there, it is paid, a payment failed, or nobody answers."""
    visit = active.visit
    match result.kind:
        case ResultKind.FOUND:
            if _note_bill(run, (place.id, visit)):
                run.happen("billed", place.id, visit, amount=run.values.get(f"{place.id}.amount"))
                run.tell("case.payment-asked", place.id, visit)
            _resume(run, place, active)
        case ResultKind.DONE:
            # Who is quick pays before the case has heard that the bill is there.
            _note_bill(run, (place.id, visit))
            settle_bill(run, place, PAID)
            run.happen("paid", place.id, visit, amount=run.values.get(f"{place.id}.amount"))
            complete(run, place)
        case ResultKind.FAILED:
            run.happen("payment-failed", place.id, visit)
        case _:
            _stand_still(run, place, active)


def let_bill_pass(run: Run, place: Place, step: PayStep) -> None:
    """Do what the item says where a bill is not paid in time; the bill itself is cancelled."""
    if step.late != NEXT:
        lapse(run, place, step.late)
        return
    job = (place.id, run.visits[place.id])
    settle_bill(run, place, UNPAID)
    run.happen("elapsed", place.id, job[1])
    if job in run.issued:
        run.issued = tuple(one for one in run.issued if one != job)
        queue_undos(run, [job])
    complete(run, place)


def _note_bill(run: Run, job: tuple[str, int]) -> bool:
    """Note that there is a bill to take back; tell whether that is new."""
    if job in run.issued:
        return False
    run.issued = (*run.issued, job)
    return True


def _stand_still(run: Run, place: Place, active: ActiveStep) -> None:
    """Stop the applicant's time while the payment department does not answer; the order is tried again outside."""
    attempts = active.attempts + 1
    run.active[place.id] = active._replace(is_unavailable=True, attempts=attempts)
    run.effect("bill", place.id, active.visit, delay_s=min(LONGEST_DELAY_S, 2 * 5**attempts), attempt=attempts)
    if active.is_unavailable:
        return
    run.disarm(f"{place.id}.{active.visit}")
    run.happen("unavailable", place.id, active.visit)
    run.tell("case.unavailable", place.id, active.visit)


def _resume(run: Run, place: Place, active: ActiveStep) -> None:
    """Give the applicant the full time from the moment on at which the bill is there."""
    if not active.is_unavailable or not isinstance(place.step, PayStep):
        return
    run.active[place.id] = active._replace(is_unavailable=False)
    run.happen("available", place.id, active.visit)
    for task in run.tasks_at(place.id):
        drop_task(run, task)
    open_bill(run, place, place.step)
