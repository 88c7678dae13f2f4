"""Write fields by a decision table or by expressions."""

from collections.abc import Iterable

from workflows.domain.definition import DecideStep, Table
from workflows.domain.expressions import evaluate
from workflows.engine.hits import first_hit, hits
from workflows.engine.refusals import TableGap
from workflows.engine.run import Run


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
    if table.hit == "collect":
        found = list(hits(table, run.values, run.lets))
        for number, path in enumerate(table.outputs):
            run.writes[path] = _collected(outputs[number] for outputs in found)
        return
    first = first_hit(table, run.values, run.lets)
    if first is None:
        raise TableGap(table=table.id)
    run.writes.update(zip(table.outputs, first, strict=True))


def _collected(values: Iterable[object]) -> tuple[object, ...]:
    """Return every value once, in the order of the rows."""
    found: dict[object, None] = {}
    for value in values:
        found.update(dict.fromkeys(value) if isinstance(value, tuple) else {value: None})
    return tuple(found)
