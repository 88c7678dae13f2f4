"""Write and read the compiled forms of definitions, each for one state of the language."""

from collections.abc import Sequence

from gov_portal.kernel.db import Driver

_HEADINGS = "SELECT hash, heading FROM workflows_compiled WHERE language = %s AND hash = ANY(%s)"
_BODY = "SELECT body FROM workflows_compiled WHERE language = %s AND hash = %s"
_KEEP = """INSERT INTO workflows_compiled (hash, language, heading, body) VALUES (%s, %s, %s, %s)
    ON CONFLICT (hash) DO UPDATE SET language = excluded.language, heading = excluded.heading, body = excluded.body"""


def headings_of(driver: Driver, language: str, digests: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return hash and heading of those definitions that are kept for a state of the language."""
    return [(row[0], bytes(row[1])) for row in driver.execute(_HEADINGS, (language, list(digests))).fetchall()]


def body_of(driver: Driver, language: str, digest: str) -> bytes | None:
    """Return the body of one definition, ``None`` where none is kept for that state of the language."""
    row = driver.execute(_BODY, (language, digest)).fetchone()
    return None if row is None else bytes(row[0])


def keep_compiled(driver: Driver, row: Sequence[object]) -> None:
    """Keep a form (hash, language, heading, body) in place of one of another state of the language."""
    driver.execute(_KEEP, tuple(row))
