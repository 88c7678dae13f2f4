"""Run prepared statements by libpq itself, without a cursor, which would cost as much as the statement.

Only for one statement at a time on a connection that is not in pipeline mode. Values are adapted by psycopg as ever.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary, proxy

from psycopg import abc, errors, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer

from gov_portal.kernel.db import Driver

Row = tuple[Any, ...]

Prepared = dict[tuple[str, tuple[int, ...]], bytes]
"""SQL and types of its places -> name under which the server knows the statement."""

_known: WeakKeyDictionary[Driver, tuple[abc.Transformer, Prepared]] = WeakKeyDictionary()
"""Connection -> what turns values for it, which learns their types once, and what it has prepared."""


class _Context(NamedTuple):
    """Tell what turns values for which connection, without holding on to it: it is the key of what is known.

    Without a connection libpq would escape the bytes of an array for other settings than the server's.
    """

    adapters: AdaptersMap
    connection: Any


_ANY_FORMAT = [PyFormat.AUTO] * 200


def run(driver: Driver, sql: str, params: Sequence[object]) -> Row | None:
    """Carry out a statement with ``%s`` places and return its first row, if it has any.

    Raises:
        psycopg.Error: what the server refuses.
    """
    transformer, result = _answer(driver, sql, params)
    return transformer.load_row(0, tuple) if result.ntuples else None


def rows(driver: Driver, sql: str, params: Sequence[object]) -> list[Row]:
    """Carry out a statement with ``%s`` places and return all its rows.

    Raises:
        psycopg.Error: what the server refuses.
    """
    transformer, result = _answer(driver, sql, params)
    return transformer.load_rows(0, result.ntuples, tuple) if result.ntuples else []


def _answer(driver: Driver, sql: str, params: Sequence[object]) -> tuple[abc.Transformer, pq.abc.PGresult]:
    """Return what the server answers, with what turns its values."""
    known = _known.get(driver)
    if known is None:
        known = _known[driver] = (Transformer(_Context(driver.adapters, proxy(driver))), {})
    transformer, prepared = known
    values = transformer.dump_sequence(params, _ANY_FORMAT[: len(params)])
    types = transformer.types or ()
    name = prepared.get((sql, types))
    if name is None:
        name = prepared[sql, types] = _prepare(driver, sql, types, number=len(prepared))
    # libpq takes None for NULL, whatever its stub says.
    result = driver.pgconn.exec_prepared(name, cast(Sequence[bytes], values), transformer.formats, pq.Format.BINARY)
    if result.status == pq.ExecStatus.TUPLES_OK:
        transformer.set_pgresult(result)
    elif result.status != pq.ExecStatus.COMMAND_OK:
        raise _refusal(result)
    return transformer, result


def _prepare(driver: Driver, sql: str, types: tuple[int, ...], *, number: int) -> bytes:
    name = b"gov_%d" % number
    result = driver.pgconn.prepare(name, _numbered(sql), types)
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise _refusal(result)
    return name


def _refusal(result: pq.abc.PGresult) -> errors.Error:
    """Return what the server refuses; where it is gone, libpq makes up a result that has no code."""
    error = errors.error_from_result(result)
    return error if error.sqlstate else errors.OperationalError(str(error))


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> bytes:
    """Return the SQL with ``$1``, ``$2`` … for its places."""
    first, *rest = sql.split("%s")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))).encode()
