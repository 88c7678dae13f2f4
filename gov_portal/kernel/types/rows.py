"""Define the type of tables that an applicant fills row by row."""

from collections.abc import Mapping
from dataclasses import dataclass

from gov_portal.kernel.types.base import FieldType, Value, is_blank, narrow, present
from gov_portal.kernel.types.faults import Fault, ValueRefused

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Rows(FieldType):
    """Hold rows of a few columns; a row is a tuple of values in the order of the columns, ``None`` where blank."""

    columns: tuple[tuple[str, FieldType], ...]

    @property
    def name(self) -> str:
        """Return ``rows {a: text(40), b: int}``."""
        return f"rows {{{', '.join(f'{column}: {kind.name}' for column, kind in self.columns)}}}"

    @property
    def sensitivity(self) -> int:
        """Return the highest class of the columns."""
        return max(kind.sensitivity for _, kind in self.columns)

    def parse(self, raw: object) -> Value:
        """Return the rows that are not blank; every fault names its cell, such as ``2.amount`` (rows count from 1)."""
        given = present(raw)
        if not isinstance(given, list | tuple):
            raise ValueRefused(Fault.SHAPE, expected="list")
        if len(given) > MOST_ROWS:
            raise ValueRefused(Fault.ROWS_TOO_MANY, most=MOST_ROWS)
        rows = [(place, row) for place, row in enumerate(given, start=1) if not is_blank(row)]
        return tuple(self._parse_row(row, place) for place, row in rows)

    def dump(self, value: Value) -> object:
        """Return a JSON list of objects."""
        return None if value is None else [self._dump_row(row) for row in narrow(value, tuple)]

    def json_schema(self) -> dict[str, object]:
        """Return the schema of a list of objects."""
        properties = {column: {"anyOf": [kind.json_schema(), {"type": "null"}]} for column, kind in self.columns}
        row = {
            "type": "object",
            "properties": properties,
            "required": [column for column, _ in self.columns],
            "additionalProperties": False,
        }
        return {"type": "array", "items": row, "maxItems": MOST_ROWS}

    def sample(self) -> Value:
        """Return one row of samples."""
        return (tuple(kind.sample() for _, kind in self.columns),)

    def _parse_row(self, row: object, place: int) -> Value:
        if not isinstance(row, Mapping):
            raise ValueRefused(Fault.SHAPE, field=str(place), expected="mapping")
        names = {column for column, _ in self.columns}
        if unknown := [name for name in row if name not in names]:
            raise ValueRefused(Fault.ROWS_COLUMN, field=str(place), count=len(unknown))
        return tuple(self._parse_cell(kind, row.get(column), f"{place}.{column}") for column, kind in self.columns)

    def _parse_cell(self, kind: FieldType, raw: object, field: str) -> Value:
        if is_blank(raw):
            return None
        try:
            return kind.parse(raw)
        except ValueRefused as refused:
            raise ValueRefused(refused.fault, field=field, **dict(refused.params)) from None

    def _dump_row(self, row: Value) -> dict[str, object]:
        cells = zip(self.columns, narrow(row, tuple), strict=True)
        return {column: kind.dump(cell) for (column, kind), cell in cells}

    def _load(self, stored: object) -> Value:
        if not isinstance(stored, list):
            raise TypeError(f"expected list, found {type(stored).__name__}")
        return tuple(tuple(kind.load(row[column]) for column, kind in self.columns) for row in stored)

    def _show(self, value: Value) -> str:
        return "；".join(
            "，".join(kind.show(cell) for (_, kind), cell in zip(self.columns, narrow(row, tuple), strict=True))
            for row in narrow(value, tuple)
        )

    def _mask(self, value: Value) -> str:
        return f"{len(narrow(value, tuple))} 行"
