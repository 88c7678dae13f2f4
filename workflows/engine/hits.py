"""Find the rows of a decision table (决策表) that hold for some values; pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workflows.domain.definition import Table

Cell = tuple[object, ...]
Outputs = tuple[object, ...]


def hits(table: Table, values: Mapping[str, object], lets: Mapping[str, object]) -> Iterator[Outputs]:
    """Yield what each row gives that holds, in the order of the table."""
    for number in hit_rows(table, values, lets):
        yield table.rows[number][1]


def hit_rows(table: Table, values: Mapping[str, object], lets: Mapping[str, object]) -> Iterator[int]:
    """Yield the numbers of the rows that hold, the first being 0."""
    inputs = [lets.get(path) if path in lets else values.get(path) for path in table.inputs]
    for number, (cells, _) in enumerate(table.rows):
        for cell, value in zip(cells, inputs, strict=True):
            if not _FITS[cell[0]](cell, value):
                break
        else:
            yield number


def first_hit(table: Table, values: Mapping[str, object], lets: Mapping[str, object]) -> Outputs | None:
    """Return what the first row gives that holds, or ``None``."""
    return next(hits(table, values, lets), None)


def _is(cell: Cell, value: object) -> bool:
    wanted = cell[1]
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def _in_range(cell: Cell, value: object) -> bool:
    _, low, high = cell
    return value is not None and (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]


_FITS: Mapping[Any, Callable[[Any, Any], bool]] = {
    "any": lambda cell, value: True,
    "missing": lambda cell, value: value is None,
    "is": _is,
    "in": lambda cell, value: value in cell[1],
    "range": _in_range,
}
"""Kind of a cell -> whether a value fits it."""
