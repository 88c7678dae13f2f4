"""Write and read the compiled forms of definitions, each for one state of the language."""

from collections.abc import Sequence

from gov_portal.kernel.db import Driver

_HEADINGS = "SELECT hash, heading FROM workflows_compiled WHERE language = %s AND hash = ANY(%s)"
_BODY = "SELECT body FROM workflows_compiled WHERE language = %s AND hash = %s"
_KEEP = """INSERT INTO workflows_compiled (hash, language, heading, body) VALUES (%s, %s, %s, %s)
    ON CONFLICT (hash) DO UPDATE SET language = excluded.language, heading = excluded.heading, body = excluded.body"""

_SHEET = "SELECT sealed FROM workflows_heading_sheets WHERE language = %s"
_KEEP_SHEET = """INSERT INTO workflows_heading_sheets (language, sealed) VALUES (%s, %s)
    ON CONFLICT (language) DO UPDATE SET sealed = excluded.sealed"""
_DROP_SHEETS = "DELETE FROM workflows_heading_sheets WHERE language <> %s"


def headings_of(driver: Driver, language: str, digests: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return hash and heading of those definitions that are kept for a state of the language."""
    return [(row[0], bytes(row[1])) for row in driver.execute(_HEADINGS, (language, list(digests))).fetchall()]


def body_of(driver: Driver, language: str, digest: str) -> bytes | None:
    """Return the body of one definition, ``None`` where none is kept for that state of the language."""
    row = driver.execute(_BODY, (language, digest)).fetchone()
    return None if row is None else bytes(row[0])


def keep_compiled(driver: Driver, rows: Sequence[Sequence[object]]) -> None:
    """Keep forms (hash, language, heading, body) in place of those of another state of the language."""
    driver.cursor().executemany(_KEEP, rows)


def sheet_of(driver: Driver, language: str) -> bytes | None:
    """Return the sheet of headings of a state of the language, ``None`` where none is kept."""
    row = driver.execute(_SHEET, (language,)).fetchone()
    return None if row is None else bytes(row[0])


def keep_sheet(driver: Driver, language: str, sealed: bytes) -> None:
    """Keep a sheet of headings in place of the earlier one."""
    driver.execute(_KEEP_SHEET, (language, sealed))


def drop_sheets(driver: Driver, *, but: str) -> None:
    """Drop the sheets of all states of the language but one."""
    driver.execute(_DROP_SHEETS, (but,))
