"""Keep phrases for replies (常用语), an officer's own and those of a unit."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from gov_portal.kernel.principal import Officer

LONGEST = 300
MOST = 50

_ALL = """SELECT id, officer, org IS NOT NULL, sealed FROM workflows_snippets
    WHERE (org IS NULL AND officer = %(me)s) OR (org = %(org)s AND unit = %(unit)s) ORDER BY org NULLS FIRST, at, id"""
_ADD = """INSERT INTO workflows_snippets (id, officer, org, unit, sealed, at)
    SELECT %(id)s, %(me)s, %(org)s, %(unit)s, %(sealed)s, %(now)s
    WHERE (SELECT count(*) FROM workflows_snippets
           WHERE CASE WHEN %(org)s::text IS NULL THEN org IS NULL AND officer = %(me)s
                 ELSE org = %(org)s AND unit = %(unit)s END) < %(most)s RETURNING id"""
_DELETE = """DELETE FROM workflows_snippets WHERE id = %(id)s AND (
    (org IS NULL AND officer = %(me)s) OR (%(leads)s AND org = %(org)s AND unit = %(unit)s)) RETURNING id"""


class SnippetUnknown(NotFound):
    """Answer that there is no such phrase, or that it is not this officer's to delete."""

    code = "desk.snippet-unknown"


class SnippetWrong(Invalid):
    """Refuse a phrase that is empty, too long or unprintable."""

    code = "desk.snippet-wrong"


class TooManySnippets(Conflict):
    """Refuse one more phrase than anybody can overlook."""

    code = "desk.too-many-snippets"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Hold one phrase; ``is_units`` where every officer of the unit may use it."""

    id: UUID
    text: str = field(repr=False)
    is_units: bool
    may_delete: bool


class Snippets:
    """Read and write phrases; a leader keeps those of the unit."""

    def __init__(self, db: Database, *, keys: KeyStore, clock: Clock) -> None:
        """Keep where they are stored; they are sealed, because officers type what they like."""
        self._db = db
        self._keys = keys
        self._clock = clock

    def snippets(self, by: Officer) -> tuple[Snippet, ...]:
        """Return the officer's own phrases, then those of the unit."""
        with self._db.driver() as driver:
            rows = driver.execute(_ALL, {"me": by.officer, "org": by.org, "unit": by.region}).fetchall()
        if not rows:
            return ()
        cipher = self._keys.cipher(self._keys.platform_key)
        return tuple(
            Snippet(one, cipher.open(sealed, _place(one)).decode(), is_units, not is_units or _leads(by))
            for one, _officer, is_units, sealed in rows
        )

    def add(self, text: str, *, by: Officer, is_units: bool = False) -> UUID:
        """Keep a phrase and return its id.

        Raises:
            SnippetWrong: empty, too long or unprintable.
            Forbidden: one for the unit, by an officer who does not lead it.
            TooManySnippets: there are ``MOST`` already.
        """
        text = text.strip()
        if not text or len(text) > LONGEST or not text.replace("\n", " ").isprintable():
            raise SnippetWrong(field="text", longest=LONGEST)
        if is_units and not _leads(by):
            raise Forbidden
        one = uuid4()
        values = {
            "id": one,
            "me": by.officer,
            "org": by.org if is_units else None,
            "unit": by.region if is_units else None,
            "sealed": self._keys.seal(self._keys.platform_key, text.encode(), context=_place(one)),
            "now": self._clock.now(),
            "most": MOST,
        }
        with self._db.driver() as driver:
            if driver.execute(_ADD, values).fetchone() is None:
                raise TooManySnippets(most=MOST)
        return one

    def delete(self, snippet: UUID, *, by: Officer) -> None:
        """Forget a phrase.

        Raises:
            SnippetUnknown: there is none such that the officer may delete.
        """
        values = {"id": snippet, "me": by.officer, "org": by.org, "unit": by.region, "leads": _leads(by)}
        with self._db.driver() as driver:
            if driver.execute(_DELETE, values).fetchone() is None:
                raise SnippetUnknown


def _leads(by: Officer) -> bool:
    return by.rank == "leader"


def _place(snippet: UUID) -> bytes:
    return f"workflows.snippet:{snippet}".encode()
