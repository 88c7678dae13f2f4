"""Correct a bill that is not paid (更正缴款单): a new visit with the amounts that an officer states."""

from workflows.domain.commands import ReviseBill
from workflows.domain.paying import FREE, PayStep, line_path
from workflows.engine import posts
from workflows.engine.bills import settle_bill, write_lines
from workflows.engine.closing import leave, queue_undos
from workflows.engine.entering import complete, mark_active, open_bill
from workflows.engine.refusals import BillFixed, BillLineWrong, ReasonMissing
from workflows.engine.run import Run


def revise_bill(run: Run, command: ReviseBill) -> None:
    """Take the bill back and place another with the corrected lines; the applicant has the full time anew.

    Raises:
        BillFixed: the step is not open, or the item lets nobody correct it.
        NotPermitted: the officer does not hold the role.
        ReasonMissing, BillLineWrong: the correction is not complete.
    """
    place, active = run.plan.places.get(command.step), run.active.get(command.step)
    if place is None or active is None or not isinstance(place.step, PayStep) or place.step.revise is None:
        raise BillFixed(step=command.step)
    posts.officer_in(run, (place.step.revise,))
    if not command.reason.strip():
        raise ReasonMissing(field="reason")
    amounts = _corrected(run, place.step, command)
    job = (place.id, active.visit)
    leave(run, place)
    run.writes[f"{place.id}.reason"] = command.reason.strip()
    run.happen("revised", place.id, active.visit)
    if job in run.issued:
        run.issued = tuple(one for one in run.issued if one != job)
        queue_undos(run, [job])
    visit = mark_active(run, place, attempts=1).visit
    if write_lines(run, place, amounts) > 0:
        open_bill(run, place, place.step)
        run.effect("bill", place.id, visit, attempt=1)
    else:
        settle_bill(run, place, FREE)
        complete(run, place)


def _corrected(run: Run, step: PayStep, command: ReviseBill) -> dict[int, int | None]:
    amounts: dict[int, int | None] = {}
    for number in range(1, len(step.lines) + 1):
        known = run.values.get(line_path(step.id, number))
        amounts[number] = known if isinstance(known, int) else None
    before = dict(amounts)
    for number, amount in command.amounts:
        if amounts.get(number) is None or amount < 0:
            raise BillLineWrong(field=f"amounts.{number}")
        amounts[number] = amount
    if amounts == before:
        raise BillLineWrong(field="amounts")
    return amounts
