"""Tell what an application will cost before it is handed in, as far as the answers tell; pure."""

from collections.abc import Callable, Mapping
from datetime import date

from workflows.domain.definition import Definition, PayStep
from workflows.domain.expressions import AbsentValue, Expression, evaluate, evaluate_lets
from workflows.views import ExpectedFee, ExpectedLine


def expected_fees(
    definition: Definition, values: Mapping[str, object], *, today: date, item_of: Callable[[str], Definition]
) -> tuple[ExpectedFee, ...]:
    """Return what an application will cost: its own bills, and those of each part that may belong to it.

    Args:
        definition: of the draft.
        values: of the draft.
        today: the business day.
        item_of: returns the version that a part pins, by its hash.
    """
    found = [_fee(definition, values, today=today)]
    lets = evaluate_lets(definition.lets, values, today=today)
    for step in definition.parts:
        if step.is_charged and _value_of(step.when, values, today=today, lets=lets) is not False:
            taken = {theirs: values.get(own) for theirs, own in step.takes.items()}
            found.append(_fee(item_of(step.version), taken, today=today))
    return tuple(fee for fee in found if fee.lines)


def _fee(definition: Definition, values: Mapping[str, object], *, today: date) -> ExpectedFee:
    lets = evaluate_lets(definition.lets, values, today=today)
    steps = [step for step in definition.steps.values() if isinstance(step, PayStep)]
    lines = []
    for step in steps:
        for line in step.lines if _value_of(step.when, values, today=today, lets=lets) is not False else ():
            is_due = _value_of(line.when, values, today=today, lets=lets)
            amount = _value_of(line.amount, values, today=today, lets=lets)
            if is_due is not False:
                known = int(str(amount)) if is_due is not None and amount is not None else None
                lines.append(ExpectedLine(line.name, known, line.basis or ""))
    return ExpectedFee(definition.facts.name, definition.facts.authority, tuple(lines))


def _value_of(
    expression: Expression | None, values: Mapping[str, object], *, today: date, lets: Mapping[str, object]
) -> object:
    """Return the value of an expression: true where there is none, nothing where it cannot be told yet."""
    if expression is None:
        return True
    try:
        return evaluate(expression, values, today=today, lets=lets)
    except AbsentValue:
        return None
