"""Find the rows of a decision table (决策表) that hold for some values; pure."""

from collections.abc import Iterator, Mapping, Sequence

from workflows.domain.definition import Table

Cell = tuple[object, ...]
Outputs = tuple[object, ...]


def hits(table: Table, values: Mapping[str, object], lets: Mapping[str, object]) -> Iterator[Outputs]:
    """Yield what each row gives that holds, in the order of the table."""
    return (table.rows[number][1] for number in hit_rows(table, values, lets))


def hit_rows(table: Table, values: Mapping[str, object], lets: Mapping[str, object]) -> Iterator[int]:
    """Yield the numbers of the rows that hold, the first being 0."""
    inputs = [lets.get(path) if path in lets else values.get(path) for path in table.inputs]
    return (number for number, (cells, _) in enumerate(table.rows) if _matches(cells, inputs))


def first_hit(table: Table, values: Mapping[str, object], lets: Mapping[str, object]) -> Outputs | None:
    """Return what the first row gives that holds, or ``None``."""
    return next(hits(table, values, lets), None)


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
