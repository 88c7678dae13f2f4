"""Join several writes into one statement, so that a step costs one parse, one plan and one round trip."""

from collections.abc import Sequence
from functools import lru_cache

Statement = tuple[str, tuple[object, ...]]
"""SQL with ``%s`` places, and what goes there."""


def joined(statements: Sequence[Statement]) -> Statement:
    """Return one statement that carries out all of them; no two may write the same row.

    All but the last become data-modifying members of a ``WITH``; they run to completion, on the same snapshot.
    """
    texts = tuple(sql for sql, _ in statements)
    return _with(texts), tuple(value for _, params in statements for value in params)


@lru_cache(maxsize=512)
def _with(texts: tuple[str, ...]) -> str:
    if len(texts) == 1:
        return texts[0]
    members = ",\n".join(f"w{number} AS ({sql})" for number, sql in enumerate(texts[:-1]))
    return f"WITH {members}\n{texts[-1]}"


def update(table: str, columns: Sequence[str], *, where: str) -> str:
    """Return an UPDATE of some columns."""
    return _update(table, tuple(columns), where)


@lru_cache(maxsize=512)
def _update(table: str, columns: tuple[str, ...], where: str) -> str:
    places = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {table} SET {places} WHERE {where}"  # noqa: S608 - names of this package's own tables


def places(count: int, rows: int) -> str:
    """Return ``(%s, …), (%s, …)`` for a VALUES list."""
    row = "(" + ", ".join(["%s"] * count) + ")"
    return ", ".join([row] * rows)
