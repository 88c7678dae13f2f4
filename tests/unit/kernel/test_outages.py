"""An outage is told from a fault: what only has to be waited for counts against nothing."""

import errno

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError as WrappedError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gov_portal.kernel.errors import Conflict
from gov_portal.kernel.files import StoreFull
from gov_portal.kernel.outages import Outage, outage_of


def caused(error: Exception, by: Exception) -> Exception:
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (psycopg.OperationalError("the connection is lost"), Outage.DATABASE_AWAY),
        (psycopg.InterfaceError("the connection is closed"), Outage.DATABASE_AWAY),
        (errors.AdminShutdown(), Outage.DATABASE_AWAY),
        (errors.CannotConnectNow(), Outage.DATABASE_AWAY),
        (errors.ConnectionFailure(), Outage.DATABASE_AWAY),
        (errors.IoError(), Outage.DATABASE_AWAY),
        (errors.TooManyConnections(), Outage.DATABASE_FULL_UP),
        (PoolTimeout(), Outage.DATABASE_FULL_UP),
        (errors.ReadOnlySqlTransaction(), Outage.READ_ONLY),
        (errors.DiskFull("could not extend file: No space left on device"), Outage.DISK_FULL),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.DISK_FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Outage.DISK_FULL),
        (OSError(errno.EROFS, "Read-only file system"), Outage.READ_ONLY),
        (caused(StoreFull(), OSError(errno.ENOSPC, "")), Outage.DISK_FULL),
        (WrappedError("SELECT 1", {}, errors.DiskFull()), Outage.DISK_FULL),
        (errors.UniqueViolation(), None),
        (errors.QueryCanceled(), None),
        (errors.DeadlockDetected(), None),
        (psycopg.ProgrammingError("the query has 1 placeholder"), None),
        (FileNotFoundError(errno.ENOENT, ""), None),
        (Conflict(), None),
        (ValueError(), None),
    ],
    ids=lambda one: one.value if isinstance(one, Outage) else type(one).__name__,
)
def test_what_has_to_be_waited_for_is_told_from_what_is_wrong(error: Exception, outage: Outage | None) -> None:
    assert outage_of(error) is outage
