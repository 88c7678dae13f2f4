"""Write versions and releases of items, and read which version holds where."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from gov_portal.kernel.db import Driver

EVERYWHERE = ""
"""Region of a release that holds wherever none of a nearer region does."""

_LOCK = 0x6974656D

_HOLDING = """
SELECT DISTINCT ON (item, region) item, region, hash FROM workflows_releases
WHERE withdrawn_at IS NULL AND effective_at <= %s ORDER BY item, region, effective_at DESC, id DESC"""
_SOURCE = "SELECT source, file FROM workflows_definitions WHERE hash = %s"
_SOURCES = "SELECT hash, source, file FROM workflows_definitions WHERE hash = ANY(%s)"
_KEEP = """INSERT INTO workflows_definitions (hash, item, version, source, file, drafted_at, drafted_by)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (hash) DO NOTHING RETURNING hash"""
_RELEASE = """INSERT INTO workflows_releases (item, region, hash, effective_at, released_at, released_by)
    VALUES (%s, %s, %s, %s, %s, %s)"""
_WITHDRAW = """UPDATE workflows_releases SET withdrawn_at = %s, withdrawn_by = %s
    WHERE id = %s AND withdrawn_at IS NULL RETURNING id"""
_VERSIONS = """
SELECT d.hash, d.item, d.version, d.file, d.drafted_at, d.drafted_by,
       r.id, r.region, r.effective_at, r.released_at, r.released_by, r.withdrawn_at, r.withdrawn_by
FROM workflows_definitions d LEFT JOIN workflows_releases r ON r.hash = d.hash
WHERE (%(item)s = '' OR d.item = %(item)s)
ORDER BY d.item, r.effective_at DESC NULLS FIRST, r.id DESC, d.version DESC"""
_KEPT = "SELECT hash FROM workflows_definitions WHERE hash = ANY(%s)"
_BY_PREFIX = "SELECT hash FROM workflows_definitions WHERE starts_with(hash, %s) ORDER BY hash LIMIT 2"


class KeptVersion(NamedTuple):
    """Hold one version with one of its releases; the columns of a release are empty where there is none."""

    hash: str
    item: str
    version: int
    file: str
    drafted_at: datetime
    drafted_by: str
    release: int | None
    region: str | None
    effective_at: datetime | None
    released_at: datetime | None
    released_by: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None

    def holds_at(self, now: datetime) -> bool:
        """Tell whether its release is in force or was before a later one, and has not been withdrawn."""
        return self.effective_at is not None and self.withdrawn_at is None and self.effective_at <= now


def lock_releases(driver: Driver) -> None:
    """Let nobody else release anything until the end of the transaction."""
    driver.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def holding(driver: Driver, now: datetime) -> dict[tuple[str, str], str]:
    """Return (item, region) -> hash of the version that holds there now."""
    return {(item, region): digest for item, region, digest in driver.execute(_HOLDING, (now,)).fetchall()}


def source_of(driver: Driver, digest: str) -> tuple[str, str] | None:
    """Return source and file name of a version."""
    row = driver.execute(_SOURCE, (digest,)).fetchone()
    return None if row is None else (row[0], row[1])


def sources_of(driver: Driver, digests: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return hash, source and file name of those versions that are kept."""
    return [(row[0], row[1], row[2]) for row in driver.execute(_SOURCES, (list(digests),)).fetchall()]


def kept_among(driver: Driver, digests: Sequence[str]) -> set[str]:
    """Return which of some hashes are kept."""
    return {row[0] for row in driver.execute(_KEPT, (list(digests),)).fetchall()}


def keep_version(driver: Driver, row: Sequence[object]) -> bool:
    """Keep a version (hash, item, version, source, file, drafted at, by); false where it was kept before."""
    return driver.execute(_KEEP, tuple(row)).fetchone() is not None


def add_release(driver: Driver, row: Sequence[object]) -> None:
    """Add a release (item, region, hash, effective at, released at, by)."""
    driver.execute(_RELEASE, tuple(row))


def withdraw_release(driver: Driver, release: int, *, at: datetime, by: str) -> bool:
    """Take a release back; false where it was taken back before."""
    return driver.execute(_WITHDRAW, (at, by, release)).fetchone() is not None


def kept_versions(driver: Driver, item: str = "") -> list[KeptVersion]:
    """Return every version with every release, of one item or all: drafts first, then the latest release first."""
    return [KeptVersion(*row) for row in driver.execute(_VERSIONS, {"item": item}).fetchall()]


def hashes_like(driver: Driver, prefix: str) -> list[str]:
    """Return up to two hashes that begin so."""
    return [row[0] for row in driver.execute(_BY_PREFIX, (prefix,)).fetchall()]
