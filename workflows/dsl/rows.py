"""Check decision tables: every combination of inputs has a row (E301), and only one where one is asked (E302)."""

from collections.abc import Iterable
from itertools import product

from workflows.domain.definition import Field
from workflows.dsl.scope import Scope
from workflows.dsl.statics import of_field
from workflows.dsl.tables import ReadTable

MOST_COMBINATIONS = 20_000
Cell = tuple[object, ...]


def check_rows(read: ReadTable, scope: Scope) -> None:
    """Report gaps and overlaps of one table over the declared domains, as far as these can be listed."""
    table = read.table
    domains = [
        _domain(scope.fields[path], [cells[index] for cells, _ in table.rows])
        for index, path in enumerate(table.inputs)
    ]
    size = 1
    for domain in domains:
        size *= len(domain)
    if not table.rows or not size or size > MOST_COMBINATIONS:
        return
    overlaps: set[int] = set()
    for values in product(*domains):
        hits = [number for number, (cells, _) in enumerate(table.rows) if _matches(cells, values)]
        if not hits:
            shown = " and ".join(f"{path} is {_show(value)}" for path, value in zip(table.inputs, values, strict=True))
            scope.report("E301", table.at, f"no row of `{table.id}` says what holds where {shown}", "add a row for it")
            return
        if len(hits) > 1 and table.hit == "unique":
            overlaps.update(hits[1:])
    for number in sorted(overlaps):
        scope.report(
            "E302",
            read.rows[number],
            f"a row above holds for the same values of `{table.id}`",
            "narrow one of the rows, or write `hit: first`",
        )


def _show(value: object) -> str:
    return "missing" if value is None else str(value)


def _domain(declared: Field, cells: Iterable[Cell]) -> list[object]:
    """Return values that stand for all values of a field; an empty list where they cannot be listed."""
    static = of_field(declared.type)
    missing: list[object] = [None] if declared.is_maybe else []
    if static.kind == "enum":
        return [*static.members, *missing]
    if static.kind == "bool":
        return [True, False, *missing]
    if static.kind == "int" and static.low is not None and static.high is not None:
        return [*_points(static.low, static.high, cells), *missing]
    return []


def _points(low: int, high: int, cells: Iterable[Cell]) -> list[int]:
    """Return the bounds of a range and every number at or beside a bound of a cell: nothing changes between them."""
    edges = {low, high}
    for cell in cells:
        flat = cell[1] if cell[0] == "in" and isinstance(cell[1], tuple) else cell[1:]
        for bound in flat:
            if isinstance(bound, int):
                edges |= {bound - 1, bound, bound + 1}
    return sorted(edge for edge in edges if low <= edge <= high)


def _matches(cells: tuple[Cell, ...], values: tuple[object, ...]) -> bool:
    return all(_fits(cell, value) for cell, value in zip(cells, values, strict=True))


def _fits(cell: Cell, value: object) -> bool:
    match cell:
        case ("any",):
            return True
        case ("missing",):
            return value is None
        case ("is", wanted):
            return value == wanted
        case ("in", tuple(wanted)):
            return value in wanted
        case ("range", low, high) if isinstance(value, int):
            return (not isinstance(low, int) or value >= low) and (not isinstance(high, int) or value <= high)
    return False


def check_all_rows(tables: Iterable[ReadTable], scope: Scope) -> None:
    """Check every table that was read without a fault."""
    for read in tables:
        # What every row says that holds is collected: nothing is missing, nothing too much.
        if (
            read.table.hit != "collect"
            and read.is_whole
            and all(path in scope.fields and path not in scope.broken_types for path in read.table.inputs)
        ):
            check_rows(read, scope)
