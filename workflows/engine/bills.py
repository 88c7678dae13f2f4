"""Reckon a bill (缴费单) and write down what became of it."""

from workflows.domain.expressions import evaluate
from workflows.domain.paying import PayStep, line_path
from workflows.engine.plan import Place
from workflows.engine.run import Run


def write_bill(run: Run, place: Place, step: PayStep) -> int:
    """Freeze the lines of a bill and return their sum, never less than nothing."""
    total = 0
    for number, line in enumerate(step.lines, start=1):
        amount: int | None = None
        if line.when is None or run.holds(line.when):
            amount = int(str(evaluate(line.amount, run.values, today=run.today, lets=run.lets)))
            total += amount
        run.writes[line_path(place.id, number)] = amount
    total = max(0, total)
    run.writes[f"{place.id}.amount"] = total
    run.writes[f"{place.id}.result"] = run.writes[f"{place.id}.day"] = None
    return total


def settle_bill(run: Run, place: Place, result: str) -> None:
    """Write down what became of a bill."""
    run.writes[f"{place.id}.result"] = result
    run.writes[f"{place.id}.day"] = run.on
    run.writes[f"{place.id}.visit"] = run.visits[place.id]
