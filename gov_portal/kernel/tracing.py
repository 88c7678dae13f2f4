"""Let one id go from a person's click to everything that comes of it: lines of logs, effects, calls of departments.

The id is bound where lines of logs find it. The outbox writes it beside each effect and whoever delivers the effect
binds it again, so that what follows from what follows is found by it too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog

_NAME = "request_id"


def current() -> str:
    """Return the id under which we work now; empty where nobody asked for anything."""
    return str(structlog.contextvars.get_contextvars().get(_NAME, ""))


def begin(request_id: str) -> None:
    """Work under an id from here on, and forget what was bound before."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**{_NAME: request_id})


def end() -> None:
    """Forget the id, so that what comes next on this thread is not told by it."""
    structlog.contextvars.clear_contextvars()


@contextmanager
def under(request_id: str = "") -> Iterator[None]:
    """Work under an id for a while; without one under a new one, as for what begins by itself."""
    with structlog.contextvars.bound_contextvars(**{_NAME: request_id or uuid4().hex}):
        yield
