"""Check decision tables in any number of dimensions: no combination without a row, none with two, no dead row.

Each column is cut where one of its cells begins or ends, so that finitely many values stand for all. Values that the
same rows hold for are one; the search forgets columns that no row left asks about, so it stays small.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workflows.domain.definition import Field
from workflows.dsl.proof import OTHER_TEXT, points
from workflows.dsl.scope import Scope
from workflows.dsl.statics import of_field
from workflows.dsl.tables import ReadTable

MOST_STATES = 20_000
Cell = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """Hold values of one column for which the same rows hold: one of them, and those rows as bits."""

    value: object
    rows: int


class _TooLarge(Exception):
    """Tell that a table cannot be searched in bounded time."""


def check_rows(read: ReadTable, scope: Scope) -> None:
    """Report gaps, overlaps and dead rows of one table over the declared domains."""
    table = read.table
    # What every row says that holds is collected: nothing is missing, nothing too much.
    if not table.rows or table.hit == "collect":
        return
    columns = [
        _parts(scope.fields[path], [cells[index] for cells, _ in table.rows]) for index, path in enumerate(table.inputs)
    ]
    try:
        gap = _Search(columns).missing((1 << len(table.rows)) - 1)
        if gap is not None:
            said = " and ".join(f"{path} is {_show(value)}" for path, value in zip(table.inputs, gap, strict=True))
            scope.report("E301", table.at, f"no row of `{table.id}` says what holds where {said}", "add a row for it")
        if table.hit == "unique":
            _check_overlaps(read, columns, scope)
        else:
            _check_dead(read, columns, scope)
    except _TooLarge:
        scope.report(
            "E301",
            table.at,
            f"`{table.id}` has too many combinations to be proved complete",
            "make several tables of it, each with fewer columns",
        )


def _check_overlaps(read: ReadTable, columns: Sequence[Sequence[_Part]], scope: Scope) -> None:
    held = [[sum(1 << n for n, part in enumerate(column) if part.rows >> row & 1) for column in columns]
            for row in range(len(read.rows))]  # fmt: skip
    for row, own in enumerate(held):
        for above in range(row):
            if all(mine & other for mine, other in zip(own, held[above], strict=True)):
                first = read.rows[above]
                scope.report(
                    "E302",
                    read.rows[row],
                    f"the row at {first.line}:{first.column} of `{read.table.id}` holds for the same values",
                    "narrow one of the rows, or write `hit: first`",
                )
                break


def _check_dead(read: ReadTable, columns: Sequence[Sequence[_Part]], scope: Scope) -> None:
    for row in range(1, len(read.rows)):
        own = [[part for part in column if part.rows >> row & 1] for column in columns]
        if _Search(own).missing((1 << row) - 1) is None:
            scope.report(
                "E303",
                read.rows[row],
                f"no values of `{read.table.id}` ever come to this row: the rows above hold for all of them",
                "take it out, or put it further up",
            )


class _Search:
    """Search a combination for which none of some rows holds."""

    def __init__(self, columns: Sequence[Sequence[_Part]]) -> None:
        """Prepare which rows ask nothing in all columns from one on."""
        self._columns = [_merged(column) for column in columns]
        self._free = [-1] * (len(columns) + 1)
        for depth in range(len(columns) - 1, -1, -1):
            always = -1
            for part in columns[depth]:
                always &= part.rows
            self._free[depth] = self._free[depth + 1] & always
        self._seen: set[tuple[int, int]] = set()

    def missing(self, rows: int) -> tuple[object, ...] | None:
        """Return values for which none of ``rows`` holds, or ``None`` where there are none."""
        return self._from(0, rows, ())

    def _from(self, depth: int, rows: int, chosen: tuple[object, ...]) -> tuple[object, ...] | None:
        if not rows:
            rest = [column[0].value for column in self._columns[depth:] if column]
            return (*chosen, *rest) if len(chosen) + len(rest) == len(self._columns) else None
        if rows & self._free[depth] or (depth, rows) in self._seen:
            return None
        self._seen.add((depth, rows))
        if len(self._seen) > MOST_STATES:
            raise _TooLarge
        for part in self._columns[depth]:
            found = self._from(depth + 1, rows & part.rows, (*chosen, part.value))
            if found is not None:
                return found
        return None


def _merged(column: Sequence[_Part]) -> list[_Part]:
    """Return one part for every set of rows, those with fewer rows first: a gap is most probably there."""
    kept: dict[int, _Part] = {}
    for part in column:
        kept.setdefault(part.rows, part)
    return sorted(kept.values(), key=lambda part: part.rows.bit_count())


def _parts(declared: Field, cells: Sequence[Cell]) -> list[_Part]:
    return [
        _Part(value, sum(1 << row for row, cell in enumerate(cells) if _fits(cell, value)))
        for value in _domain(declared, cells)
    ]


def _domain(declared: Field, cells: Iterable[Cell]) -> list[object]:
    """Return values that stand for all values of a field."""
    static = of_field(declared.type)
    missing: list[object] = [None] if declared.is_maybe else []
    if static.kind == "enum":
        return [*static.members, *missing]
    if static.kind == "bool":
        return [True, False, *missing]
    named: list[object] = []
    for cell in cells:
        named.extend(cell[1] if cell[0] == "in" and isinstance(cell[1], tuple) else cell[1:])
    return [*points(static, [one for one in named if one is not None]), *missing]


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
        case ("range", low, high) if value is not None:
            return (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]
    return False


def _show(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "missing" if value is None else "something else" if value == OTHER_TEXT else str(value)


def check_all_rows(tables: Iterable[ReadTable], scope: Scope) -> None:
    """Check every table that was read without a fault."""
    for read in tables:
        if read.is_whole and all(path in scope.fields and path not in scope.broken_types for path in read.table.inputs):
            check_rows(read, scope)
