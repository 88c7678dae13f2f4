"""Publish signed lists of which licences were revoked or superseded, for those who check without us."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Select, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database, UnitOfWork
from gov_portal.kernel.errors import NotFound
from gov_portal.licences.claims import status_list_url
from gov_portal.licences.models import licences, status_lists, versions
from gov_portal.licences.ports import Tokens
from gov_portal.licences.status_lists import BITS, SIZE, Listed, list_of, packed

AUTHORITY = "样例省电子证照状态服务（样本）"
"""Who signs the lists; no other seal counts on one."""

MEDIA_TYPE = "application/statuslist+jwt"
TTL = timedelta(minutes=5)
"""A list is built anew when somebody asks and the last one is older than this."""

EXPIRES_AFTER = timedelta(days=7)

_TYP = "statuslist+jwt"
_LOCK = int.from_bytes(b"statlist")


class StatusListUnknown(NotFound):
    """Answer that no licence has a place in such a list."""

    code = "licence.status-list-unknown"


class StatusLists:
    """Build the lists from the rows of the licences; nothing in them is personal."""

    def __init__(self, db: Database, *, tokens: Tokens, base_url: str, clock: Clock | None = None) -> None:
        """Keep what is needed; ``clock`` is that of security time."""
        self._db = db
        self._tokens = tokens
        self._base_url = base_url
        self._clock = clock or SystemClock()

    def token(self, number: int) -> tuple[str, datetime]:
        """Return a list as a signed token, and when it was built.

        Raises:
            StatusListUnknown: no licence has a place in it.
        """
        now = self._clock.now()
        with self._db.read() as connection:
            kept = _kept(connection, number)
            if kept is not None and _is_fresh(kept[1], now):
                return kept
            if number > list_of(_newest_place(connection)):
                raise StatusListUnknown
        with self._db.begin() as uow:
            return self._rebuilt(uow, number, now=now)

    def newest(self) -> int:
        """Return the number of the newest list; older ones go on."""
        with self._db.read() as connection:
            return list_of(_newest_place(connection))

    def _rebuilt(self, uow: UnitOfWork, number: int, *, now: datetime) -> tuple[str, datetime]:
        """Build a list and keep it; of several who ask at once, one builds and the others wait for it."""
        uow.connection.execute(select(func.pg_advisory_xact_lock(_LOCK + number)))
        kept = _kept(uow.connection, number)
        if kept is not None and _is_fresh(kept[1], now):
            return kept
        token = self._signed(packed(ended_places(uow.connection, number)), number=number, now=now)
        fresh = {"token": token, "built_at": now}
        keeping = insert(status_lists).values(number=number, **fresh)
        uow.connection.execute(keeping.on_conflict_do_update(index_elements=["number"], set_=fresh))
        return token, now

    def _signed(self, content: str, *, number: int, now: datetime) -> str:
        claims = {
            "sub": status_list_url(self._base_url, number),
            "iat": int(now.timestamp()),
            "exp": int((now + EXPIRES_AFTER).timestamp()),
            "ttl": int(TTL.total_seconds()),
            "status_list": {"bits": BITS, "lst": content},
        }
        return self._tokens.sign(claims, typ=_TYP, authority=AUTHORITY)


def _is_fresh(built_at: datetime, now: datetime) -> bool:
    return built_at <= now < built_at + TTL


def _kept(connection: Connection, number: int) -> tuple[str, datetime] | None:
    asked = select(status_lists.c.token, status_lists.c.built_at).where(status_lists.c.number == number)
    row = connection.execute(asked).one_or_none()
    return None if row is None else (row.token, row.built_at.astimezone(UTC))


def _newest_place(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(versions.c.status_index), 0))).scalar_one())


def ended_places(connection: Connection, number: int) -> list[tuple[int, Listed]]:
    """Return places of a list and what is said of them; who was revoked is not called superseded."""
    first = number * SIZE
    is_here = versions.c.status_index.between(first, first + SIZE - 1)
    revoked = _places(first, Listed.REVOKED).join_from(licences, versions).where(licences.c.revoked_at.is_not(None))
    superseded = _places(first, Listed.SUPERSEDED).where(versions.c.superseded_at.is_not(None))
    both = union_all(revoked.where(is_here), superseded.where(is_here)).subquery()
    once = select(both.c.place, func.min(both.c.said)).group_by(both.c.place)
    return [(place, Listed(said)) for place, said in connection.execute(once)]


def _places(first: int, said: Listed) -> Select[tuple[int, int]]:
    return select((versions.c.status_index - first).label("place"), literal(int(said)).label("said"))
