"""Let a load of cases run while things go wrong, wait for quiet, and say what is not as it must be."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gov_portal.kernel.db import TransactionFailed
from gov_portal.workers.tasks import DATABASE_ERRORS
from tests.chaos.checking import check
from tests.chaos.clients import Applicant, Book, Client, Desk, Payer, started
from tests.chaos.plan import Form
from tests.chaos.progress import OPEN, Tell, told_of
from tests.chaos.stage import Stage

QUIET_S = 900.0
_VAIN_MOVES = 40
"""So many moves of the clock that change nothing show that what is open will stay so: together longer than any client
waits before it turns to another node."""


def chaos(home: Path, form: Form, *, seed: int, tell: Tell) -> list[str]:
    """Return what was found; nothing where every case came through."""
    begun_at = time.monotonic()

    def say(text: str) -> None:
        tell(f"{time.monotonic() - begun_at:6.0f} s  {text}")

    say(f"seed {seed}: {form.cases} cases, {len(form.troubles)} troubles; starting")
    with Stage(home, outage_s=min(3.0, form.cases / 50), has_second_nodes=form.nodes > 1) as stage:
        book = Book(seed, form.cases)
        with _people(stage, book, form), told_of(stage, book, say=say):
            _trouble(stage, book, form, say=say)
            _settle(stage, book)
        say(f"at rest; clients saw {dict(sorted(book.seen.items()))}")
        findings = list(check(stage, book))
    say(f"{len(findings)} findings")
    return findings


@contextmanager
def _people(stage: Stage, book: Book, form: Form) -> Iterator[None]:
    """Let applicants, officers and a payer do what they came for, until the end."""
    citizens = stage.citizens()
    applicants = [Client(stage.nodes, citizens[n % len(citizens)], book) for n in range(form.applicants)]
    threads = [started(f"applicant {n}", Applicant(one, book).run, book) for n, one in enumerate(applicants)]
    screens = []
    for role in ("checker", "leader"):
        token = stage.officer(role)
        for screen in range(form.screens):
            screens.append(Client(stage.nodes, token, book))
            desk = Desk(screens[-1], book, screen, form.screens)
            threads.append(started(f"{role} at screen {screen}", desk.run, book))
    threads.append(started("payer", Payer(book).run, book))
    try:
        yield
    finally:
        book.is_over.set()
        for thread in threads:
            thread.join()
        for client in (*applicants, *screens):
            client.close()


def _trouble(stage: Stage, book: Book, form: Form, *, say: Tell) -> None:
    """Make trouble as the load goes on."""
    for trouble in form.troubles:
        book.allowed = trouble.after + form.applicants
        while book.handed_in < trouble.after and not book.faults:
            time.sleep(0.05)
        say(f"{book.handed_in:5} handed in, {trouble}")
        stage.meet(trouble)
    book.allowed = book.cases
    while book.handed_in < book.cases and not book.faults:
        time.sleep(0.05)
    kills = stage.done["kill"]
    say(f"{book.handed_in:5} handed in; {kills} kills and {stage.done.total() - kills} other troubles are over")


def _settle(stage: Stage, book: Book) -> None:
    """Let time pass until every case is closed, or nothing moves any more."""
    deadline, told, moves = time.monotonic() + QUIET_S, (0, 0), 0
    while time.monotonic() < deadline and not book.faults:
        time.sleep(0.5)
        try:
            waiting, open_cases = stage.hurry(), stage.count(OPEN)
            if (waiting, open_cases) != told:
                told, moves = (waiting, open_cases), 0
            # Asked for last: who has no answer yet, because a node died with it, may have moved a case all the same.
            if waiting or book.unanswered:
                continue
            if not open_cases or moves > _VAIN_MOVES:
                return
            stage.move_clock("2d")
            moves += 1
        except (*DATABASE_ERRORS, TransactionFailed):
            continue
