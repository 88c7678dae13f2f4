"""Make a standby the primary, once it is certain that no other takes writes."""

from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict

PROMOTION_S = 60
_PATIENCE_S = 3


class PromotionRefused(Exception):
    """Refuse to promote; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """Say what the new primary begins with: the last position it has, and the number of its line of history."""

    position: str
    timeline: int


def promote(standby_url: str, *, application_url: str) -> Promotion:
    """Promote the standby at ``standby_url`` (as a superuser) and return once it takes writes.

    Its commits wait for no standby then, for it has none yet; ``application_url`` is where the application writes.

    Raises:
        PromotionRefused: a primary still answers, this is no standby, or it did not become the primary in time.
    """
    if takes_writes(application_url):
        raise PromotionRefused("a server of DATABASE_URL still takes writes: stop it first, or two would take them")
    try:
        with psycopg.connect(standby_url, autocommit=True, connect_timeout=_PATIENCE_S) as connection:
            return _promoted(connection)
    except psycopg.Error as error:
        raise PromotionRefused(f"the standby does not do it: {error}".strip()) from error


def takes_writes(url: str) -> bool:
    """Tell whether any host of an address is a primary that answers."""
    given = {**conninfo_to_dict(url), "target_session_attrs": "read-write", "connect_timeout": _PATIENCE_S}
    try:
        psycopg.connect(**given).close()  # type: ignore[arg-type]
    except psycopg.OperationalError:
        return False
    return True


def _promoted(connection: psycopg.Connection) -> Promotion:
    if connection.execute("SELECT pg_is_in_recovery()").fetchone() != (True,):
        raise PromotionRefused("this server is no standby: it takes writes already")
    connection.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
    connection.execute("SELECT pg_reload_conf()")
    if connection.execute("SELECT pg_promote(true, %s)", (PROMOTION_S,)).fetchone() != (True,):
        raise PromotionRefused(f"the standby was told, and is no primary after {PROMOTION_S} s; its log says why")
    sql = "SELECT pg_current_wal_lsn()::text, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int"
    row = connection.execute(sql).fetchone()
    return Promotion(*(row or ("", 0)))
