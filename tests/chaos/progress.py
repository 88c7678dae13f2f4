"""Tell every few seconds how far a run has come, whatever it waits for meanwhile."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gov_portal.kernel.db import TransactionFailed
from gov_portal.workers.tasks import DATABASE_ERRORS
from tests.chaos.clients import Book
from tests.chaos.stage import Stage

EVERY_S = 5.0

OPEN = "SELECT count(*) FROM workflows_cases WHERE item LIKE 'chaos.%' AND status <> 'closed'"
_WAITING = "SELECT count(*) FROM kernel_outbox"

Tell = Callable[[str], None]


@contextmanager
def told_of(stage: Stage, book: Book, *, say: Tell) -> Iterator[None]:
    """Say every few seconds how much has come, is open and waits, and how often something was killed."""
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.wait(EVERY_S):
            try:
                stored = f"{stage.count(OPEN):5} open, {stage.count(_WAITING):5} effects wait"
            except (*DATABASE_ERRORS, TransactionFailed):
                stored = "the database does not answer"
            say(f"{book.handed_in:5} handed in, {stored}, {stage.done['kill']:2} kills")

    thread = threading.Thread(target=tell, name="progress")
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
