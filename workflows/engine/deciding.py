"""Write fields by a decision table or by expressions."""

from collections.abc import Sequence

from workflows.domain.definition import DecideStep, Table
from workflows.domain.expressions import evaluate
from workflows.engine.refusals import TableGap
from workflows.engine.run import Run

Cell = tuple[object, ...]


def decide(run: Run, step: DecideStep) -> None:
    """Write what the step decides.

    Raises:
        TableGap: no row of the table matches.
    """
    if step.table is not None:
        _apply_table(run, run.plan.definition.tables[step.table])
    for path, expression in step.fields.items():
        run.writes[path] = evaluate(expression, run.values, today=run.today, lets=run.lets)


def _apply_table(run: Run, table: Table) -> None:
    inputs = [_read(run, path) for path in table.inputs]
    hits = [outputs for cells, outputs in table.rows if _matches(cells, inputs)]
    if not hits:
        raise TableGap(table=table.id)
    if table.hit == "collect":
        for number, path in enumerate(table.outputs):
            run.writes[path] = tuple(outputs[number] for outputs in hits)
        return
    for path, value in zip(table.outputs, hits[0], strict=True):
        run.writes[path] = value


def _read(run: Run, path: str) -> object:
    if path in run.plan.definition.lets:
        return run.lets.get(path)
    return run.values.get(path)


def _matches(cells: Sequence[Cell], inputs: Sequence[object]) -> bool:
    return all(_fits(cell, value) for cell, value in zip(cells, inputs, strict=True))


def _fits(cell: Cell, value: object) -> bool:
    match cell:
        case ("any",):
            return True
        case ("missing",):
            return value is None
        case ("is", wanted):
            return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
        case ("in", wanted):
            return value in wanted  # type: ignore[operator]
        case ("range", low, high):
            return value is not None and (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]
    return False
