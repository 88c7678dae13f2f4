"""Tell an outage of what the platform stands on from a fault of the work itself.

An outage is waited out, however long it lasts, and counts against no piece of work: the same attempt may succeed as
soon as the database answers, may be written to, or has room again.
"""

import errno
from enum import StrEnum

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Outage(StrEnum):
    """Name what is out of order."""

    DATABASE_AWAY = "database-away"
    """No connection is to be had, or it broke."""
    DATABASE_FULL_UP = "database-full-up"
    """Every connection, or all memory, is taken."""
    READ_ONLY = "database-read-only"
    """A standby, or a server that was set so: reading goes on."""
    DISK_FULL = "disk-full"
    """Of the database or of the folder of files: reading goes on."""


_BY_STATE = {"25006": Outage.READ_ONLY, "53100": Outage.DISK_FULL, "57P01": Outage.DATABASE_AWAY}
_BY_CLASS = {
    "08": Outage.DATABASE_AWAY,
    "53": Outage.DATABASE_FULL_UP,
    "57P": Outage.DATABASE_AWAY,
    "58": Outage.DATABASE_AWAY,
}
"""Classes of SQLSTATE; a cancelled query (57014) is none of these: it may be the work's own fault."""
_BY_ERRNO = {errno.ENOSPC: Outage.DISK_FULL, errno.EDQUOT: Outage.DISK_FULL, errno.EROFS: Outage.READ_ONLY}


def outage_of(error: BaseException) -> Outage | None:
    """Return which outage an error tells of, ``None`` where it is no outage; what caused an error counts as well."""
    seen: BaseException | None = error
    while seen is not None:
        found = _of_one(seen)
        if found is not None:
            return found
        seen = seen.__cause__
    return None


def _of_one(error: BaseException) -> Outage | None:
    if isinstance(error, PoolTimeout):
        return Outage.DATABASE_FULL_UP
    if isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.Error):
        return _of_one(error.orig)
    if isinstance(error, psycopg.Error):
        return _of_state(error)
    return _BY_ERRNO.get(error.errno or 0) if isinstance(error, OSError) else None


def _of_state(error: psycopg.Error) -> Outage | None:
    """A broken connection has no state of its own: the server could not send one any more."""
    state = error.sqlstate
    if state is None:
        return Outage.DATABASE_AWAY if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    return _BY_STATE.get(state) or _BY_CLASS.get(state[:3]) or _BY_CLASS.get(state[:2])
