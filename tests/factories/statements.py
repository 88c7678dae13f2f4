"""Count what is asked of the database."""

from collections.abc import Callable

import psycopg
import pytest


def statements_of(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements that an action sends, in order."""
    execute, sent = psycopg.Cursor.execute, []

    def spy(cursor, query, *arguments, **options):
        sent.append(str(query))
        return execute(cursor, query, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", spy)
        action()
    return sent
