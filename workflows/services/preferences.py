"""Keep how an officer likes the desk: named filters, one of them opened first, and the columns of the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import Conflict, Invalid, NotFound
from gov_portal.kernel.ids import OfficerId

MOST_FILTERS = 20
LONGEST_NAME = 30
COLUMNS = ("step", "applicant", "received", "remaining", "urged", "holder")
"""Columns of the queue beside the number, in their order."""

_ALL_SQL = """SELECT id, name, query, is_default FROM workflows_saved_filters WHERE officer = %s ORDER BY name"""
_COLUMNS_SQL = "SELECT columns FROM workflows_desk_columns WHERE officer = %s"
_SAVE_SQL = """INSERT INTO workflows_saved_filters (id, officer, name, query, is_default, saved_at)
    SELECT %(id)s, %(me)s, %(name)s, %(query)s, false, %(now)s
    WHERE (SELECT count(*) FROM workflows_saved_filters WHERE officer = %(me)s AND name <> %(name)s) < %(most)s
    ON CONFLICT (officer, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at RETURNING id"""
_DEFAULT_SQL = "UPDATE workflows_saved_filters SET is_default = (id = %s) WHERE officer = %s"
_DELETE_SQL = "DELETE FROM workflows_saved_filters WHERE id = %s AND officer = %s RETURNING 1"
_PUT_COLUMNS_SQL = """INSERT INTO workflows_desk_columns (officer, columns) VALUES (%s, %s)
    ON CONFLICT (officer) DO UPDATE SET columns = excluded.columns"""


class FilterUnknown(NotFound):
    """Answer that the officer has no such filter."""

    code = "desk.filter-unknown"


class FilterNameWrong(Invalid):
    """Refuse a name that is empty or too long."""

    code = "desk.filter-name"


class TooManyFilters(Conflict):
    """Refuse one more filter than anybody can overlook."""

    code = "desk.too-many-filters"


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """Hold one named filter; ``query`` is the query string of the queue."""

    id: UUID
    name: str
    query: str
    is_default: bool


class Preferences:
    """Read and write what one officer prefers; nobody sees another's."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Keep where it is stored."""
        self._db = db
        self._clock = clock

    def filters(self, officer: OfficerId) -> tuple[SavedFilter, ...]:
        """Return the officer's filters by name."""
        with self._db.driver() as driver:
            return tuple(SavedFilter(*row) for row in driver.execute(_ALL_SQL, (officer,)).fetchall())

    def columns(self, officer: OfficerId) -> tuple[str, ...]:
        """Return the columns that the officer chose; empty before any choice."""
        with self._db.driver() as driver:
            row = driver.execute(_COLUMNS_SQL, (officer,)).fetchone()
        return tuple(row[0]) if row else ()

    def save(self, officer: OfficerId, *, name: str, query: str) -> UUID:
        """Keep a filter under a name and return its id; the same name is written over.

        Raises:
            FilterNameWrong: empty, too long or unprintable.
            TooManyFilters: there are ``MOST_FILTERS`` already.
        """
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise FilterNameWrong(longest=LONGEST_NAME)
        values = {"id": uuid4(), "me": officer, "name": name, "query": query, "now": self._clock.now()}
        with self._db.driver() as driver:
            row = driver.execute(_SAVE_SQL, {**values, "most": MOST_FILTERS}).fetchone()
        if row is None:
            raise TooManyFilters(most=MOST_FILTERS)
        return UUID(str(row[0]))

    def set_default(self, officer: OfficerId, which: UUID | None) -> None:
        """Open the desk with a filter from now on, or with ``None`` with all tasks.

        Raises:
            FilterUnknown: the officer has none such.
        """
        if which is not None and which not in {one.id for one in self.filters(officer)}:
            raise FilterUnknown
        with self._db.driver() as driver:
            driver.execute(_DEFAULT_SQL, (which or UUID(int=0), officer))

    def delete(self, officer: OfficerId, which: UUID) -> None:
        """Forget a filter.

        Raises:
            FilterUnknown: the officer has none such.
        """
        with self._db.driver() as driver:
            if driver.execute(_DELETE_SQL, (which, officer)).fetchone() is None:
                raise FilterUnknown

    def choose_columns(self, officer: OfficerId, columns: Sequence[str]) -> None:
        """Remember the columns of the queue."""
        with self._db.driver() as driver:
            driver.execute(_PUT_COLUMNS_SQL, (officer, list(columns)))
