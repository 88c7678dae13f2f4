"""Know when the database takes no writes: a standby, or one that whoever runs it has made read-only."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy.exc import DBAPIError


def is_refusal(error: BaseException) -> bool:
    """Tell whether an error says that nothing can be written now; nothing has been, then."""
    return isinstance(getattr(error, "orig", None) or error, ReadOnlySqlTransaction)


@contextmanager
def where_writable() -> Iterator[None]:
    """Leave out what a read only notes by the way, such as that a letter was seen, while nothing can be written."""
    try:
        yield
    except (psycopg.Error, DBAPIError) as error:
        if not is_refusal(error):
            raise
