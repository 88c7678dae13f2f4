"""Reckon a bill (缴费单) and write down what became of it."""

from collections.abc import Mapping

from workflows.domain.expressions import evaluate
from workflows.domain.paying import PayStep, line_path
from workflows.engine.plan import Place
from workflows.engine.run import Run


def write_bill(run: Run, place: Place, step: PayStep) -> int:
    """Freeze the lines of a bill as they are now and return their sum."""
    amounts: dict[int, int | None] = {}
    for number, line in enumerate(step.lines, start=1):
        is_due = line.when is None or run.holds(line.when)
        found = evaluate(line.amount, run.values, today=run.today, lets=run.lets) if is_due else None
        amounts[number] = int(str(found)) if is_due else None
    return write_lines(run, place, amounts)


def write_lines(run: Run, place: Place, amounts: Mapping[int, int | None]) -> int:
    """Write the lines of a bill down and return their sum, never less than nothing."""
    run.writes.update((line_path(place.id, number), amount) for number, amount in amounts.items())
    total = max(0, sum(amount or 0 for amount in amounts.values()))
    run.writes[f"{place.id}.amount"] = total
    run.writes[f"{place.id}.result"] = run.writes[f"{place.id}.day"] = None
    return total


def settle_bill(run: Run, place: Place, result: str) -> None:
    """Write down what became of a bill."""
    run.writes[f"{place.id}.result"] = result
    run.writes[f"{place.id}.day"] = run.on
    run.writes[f"{place.id}.visit"] = run.visits[place.id]
