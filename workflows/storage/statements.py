"""Join several writes into one statement: one parse, one plan, one round trip, and one transaction by itself."""

from collections.abc import Sequence
from functools import lru_cache

Statement = tuple[str, tuple[object, ...]]
"""SQL with ``%s`` places, and what goes there."""

# The gate is an UPDATE that must hit its one row. Where it does not, somebody was quicker: dividing by zero takes
# everything back, on the server and without another round trip.
_HIT = "SELECT 1 / count(*) FROM gate"


def fenced(gate: Statement, statements: Sequence[Statement]) -> Statement:
    """Return one statement that carries out all of them, or none where ``gate`` hits no row.

    They become data-modifying members of a ``WITH``: they run to completion on the same snapshot, so no two may write
    the same row.
    """
    texts = (gate[0] + " RETURNING 1", *(sql for sql, _ in statements))
    params = list(gate[1])
    for _, more in statements:
        params += more
    return _with(texts, _HIT), tuple(params)


def joined(statements: Sequence[Statement]) -> Statement:
    """Return one statement that carries out all of them; no two may write the same row."""
    texts = tuple(sql for sql, _ in statements)
    return _with(texts[:-1], texts[-1]), tuple(value for _, params in statements for value in params)


@lru_cache(maxsize=1024)
def _with(members: tuple[str, ...], last: str) -> str:
    names = ("gate", *(f"w{number}" for number in range(1, len(members))))
    listed = ", ".join(f"{name} AS ({sql})" for name, sql in zip(names, members, strict=False))
    return f"WITH {listed} {last}" if members else last


@lru_cache(maxsize=512)
def update(table: str, columns: tuple[str, ...], *, where: str) -> str:
    """Return an UPDATE of some columns."""
    places = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {table} SET {places} WHERE {where}"  # noqa: S608 - names of this package's own tables


def insert(sql: str, rows: Sequence[tuple[object, ...]]) -> Statement:
    """Return ``INSERT INTO … VALUES {rows}`` with places for some rows; nothing and truth are spelt out, not sent."""
    params: list[object] = []
    spelt: list[str] = []
    for row in rows:
        for value in row:
            if value is None:
                spelt.append("NULL")
            elif value is True:
                spelt.append("true")
            elif value is False:
                spelt.append("false")
            else:
                spelt.append("%s")
                params.append(value)
    return _insert(sql, len(rows), tuple(spelt)), tuple(params)


@lru_cache(maxsize=1024)
def _insert(sql: str, rows: int, spelt: tuple[str, ...]) -> str:
    width = len(spelt) // rows
    each = ("(" + ", ".join(spelt[at : at + width]) + ")" for at in range(0, len(spelt), width))
    return sql.replace("{rows}", ", ".join(each))
