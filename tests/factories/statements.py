"""Count what is asked of the database."""

from collections.abc import Callable

import psycopg
import pytest

from gov_portal.kernel import prepared


def statements_of(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements that an action sends, in order, those past psycopg's cursors too."""
    execute, answer, sent = psycopg.Cursor.execute, prepared._answer, []

    def spy(cursor, query, *arguments, **options):
        sent.append(str(query))
        return execute(cursor, query, *arguments, **options)

    def spy_on_prepared(driver, sql, params):
        sent.append(sql)
        return answer(driver, sql, params)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", spy)
        patch.setattr(prepared, "_answer", spy_on_prepared)
        action()
    return sent
