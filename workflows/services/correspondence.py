"""Let the applicant and the offices that hold a case write to each other inside it (往来消息)."""

from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid5

import orjson

from gov_portal.kernel import ledger, outbox
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Citizen, Officer, actor_of
from workflows.domain.letters import A_DAY, LONGEST_TEXT, MOST_A_DAY, CaseLetters, LetterView, Side, WaitingLetter
from workflows.domain.state import Status
from workflows.services.desk import Service
from workflows.services.errors import CaseUnknown
from workflows.services.holding import Post, holders_of, post_of
from workflows.services.reading import reads_all
from workflows.storage import letters as rows
from workflows.storage.letters import LetterRow, Reader, Thread
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import array_of, visible_to

PAGE = 20
"""How many letters are shown at once."""

MOST_WAITING = 200
TELL_TOPIC = "case.tell"
WRITTEN = "case.letter"
"""Code of the message that tells a person of a letter."""

_NAMESPACE = UUID("0b0e3b7c-52d1-4d53-8f7e-5a1c0a6a2f11")


class LettersClosed(Conflict):
    """Refuse to write in a case that is closed, or not handed in yet."""

    code = "letter.closed"


class LetterMissing(Invalid):
    """Refuse a letter without a text."""

    code = "letter.missing"


class LetterLong(Invalid):
    """Refuse a text above ``maximum`` characters."""

    code = "letter.long"


class LettersTooMany(DomainError):
    """Refuse more than ``maximum`` letters of one side in a day."""

    code = "letter.too-many"
    status = 429


class NotWithYou(Forbidden):
    """Refuse a letter of an office that does not hold the case."""

    code = "letter.not-with-you"


@dataclass(frozen=True, slots=True)
class _Draft:
    """Hold a letter before it is numbered; ``holders`` are the offices that the case lies with."""

    letter: UUID
    by: Citizen | Officer
    holders: dict[Post, str]
    text: str = field(repr=False)


class Correspondence(Service):
    """Write and read the letters of a case."""

    def letters(
        self, case: CaseId, *, by: Citizen | Officer, before: int | None = None, most: int = PAGE
    ) -> CaseLetters:
        """Show the last letters of a case that ``by`` may read, or older ones; nothing is marked as read by this.

        The applicant reads all of them, and so do officers who read the whole application; others read what was
        written to or by their own unit.

        Raises:
            CaseUnknown: no such case for this principal.
        """
        stored, reader = self._need(case, by), _reader(by)
        holders = holders_of(stored, self._offices)
        since = self._desk.clock.now() - A_DAY
        to = None if isinstance(by, Citizen) or reads_all(stored.definition, by) else reader.post
        with self._desk.db.driver() as driver:
            thread = rows.thread_of(driver, case, reader=reader, since=since)
            found = rows.letters_of(driver, case, to=to, before=before, most=most + 1)
        shown = found[-most:]
        return CaseLetters(
            letters=tuple(_view(row, stored, side=reader.side, thread=thread) for row in shown),
            may_write=_may_write(holders, by),
            is_closed=stored.state.status is Status.CLOSED,
            left=max(0, MOST_A_DAY - thread.written),
            unread=thread.unread,
            readers=tuple(sorted(set(holders.values()))),
            before=shown[0].number if len(found) > most else None,
        )

    def mark_read(self, case: CaseId, *, first: int, last: int, by: Citizen | Officer) -> None:
        """Note that the reader was shown the letters from ``first`` to ``last``; an officer reads for their unit.

        Nothing is noted where an earlier letter is still unread, so that none counts as read that was not shown.

        Raises:
            CaseUnknown: no such case for this principal.
        """
        self._need(case, by)
        with self._desk.db.begin() as uow:
            rows.note_read(uow.driver, case, reader=_reader(by), first=first, last=last)

    def write(
        self, case: CaseId, *, text: str, by: Citizen | Officer, key: str, shown: tuple[int, int] | None = None
    ) -> None:
        """Write a letter and tell the applicant of the office's in the same transaction.

        Args:
            case: the case.
            text: plain text, at most ``LONGEST_TEXT`` characters.
            by: the applicant, or an officer of a unit that holds the case.
            key: the same text under a repeated key changes nothing.
            shown: first and last letter that stood above the form; whoever answers them has read them.

        Raises:
            CaseUnknown: no such case for this principal.
            LettersClosed, NotWithYou: the case is closed; it does not lie with the officer's unit.
            LetterMissing, LetterLong, LettersTooMany: the text is empty or too long; the side has written too often.
        """
        stored, said = self._need(case, by), text.strip()
        if not said:
            raise LetterMissing(field="text")
        if len(said) > LONGEST_TEXT:
            raise LetterLong(field="text", maximum=LONGEST_TEXT)
        letter = uuid5(_NAMESPACE, f"{case}:{actor_of(by)}:{key}:{sha256(said.encode()).hexdigest()}")
        draft = _Draft(letter, by, holders_of(stored, self._offices), said)
        with self._desk.db.begin() as uow:
            number = rows.lock(uow.driver, case) + 1
            if rows.has(uow.driver, case, letter):
                return
            self._check(uow, stored, draft)
            self._add(uow, stored, draft, number=number)
            if shown is not None:
                rows.note_read(uow.driver, case, reader=_reader(by), first=shown[0], last=shown[1])

    def waiting(self, by: Officer) -> tuple[WaitingLetter, ...]:
        """List the cases whose applicants wrote to the officer's unit and were not read; who waits longest first."""
        with self._desk.db.driver() as driver:
            found = rows.waiting(driver, _reader(by).post, sight=visible_to(by), most=MOST_WAITING)
        return tuple(
            WaitingLetter(
                CaseId(row.case), row.case_number, ItemId(row.item), self._name(row.item), row.unread, row.since
            )
            for row in found
        )

    def count_waiting(self, by: Officer) -> int:
        """Return how many cases those are."""
        with self._desk.db.driver() as driver:
            return rows.count_waiting(driver, _reader(by).post, sight=visible_to(by))

    def _need(self, case: CaseId, by: Citizen | Officer) -> StoredCase:
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        return stored

    def _check(self, uow: UnitOfWork, stored: StoredCase, draft: _Draft) -> None:
        if not draft.holders:
            raise LettersClosed
        if not _may_write(draft.holders, draft.by):
            raise NotWithYou
        since = self._desk.clock.now() - A_DAY
        if rows.count_since(uow.driver, stored.id, side=_reader(draft.by).side, since=since) >= MOST_A_DAY:
            raise LettersTooMany(maximum=MOST_A_DAY)

    def _add(self, uow: UnitOfWork, stored: StoredCase, draft: _Draft, *, number: int) -> None:
        now, by, writer = self._desk.clock.now(), draft.by, _reader(draft.by)
        sealed = stored.cipher.seal(draft.text.encode(), _context(draft.letter))
        values = {
            "id": draft.letter,
            "case": stored.id,
            "number": number,
            "side": writer.side,
            "author": by.person if isinstance(by, Citizen) else by.officer,
            "units": array_of([writer.post] if writer.post else sorted(draft.holders)),
            "organ": draft.holders.get(writer.post, ""),
            "sealed": sealed,
            "at": now,
        }
        rows.add(uow.driver, values)
        body = {"letter": draft.letter, "number": number, "side": writer.side, "sealed": sha256(sealed).hexdigest()}
        fact = ledger.Fact(
            stream=f"letters:{stored.id}", kind="written", actor=actor_of(by), body=orjson.dumps(body), at=now
        )
        ledger.append(uow, fact)
        if writer.side is Side.OFFICE:
            outbox.add(uow, _tell(stored.id, draft.letter))

    def _name(self, item: str) -> str:
        return self._desk.definitions.name(ItemId(item))


def _reader(by: Citizen | Officer) -> Reader:
    return Reader(Side.APPLICANT) if isinstance(by, Citizen) else Reader(Side.OFFICE, post_of(by.org, by.region))


def _may_write(holders: dict[Post, str], by: Citizen | Officer) -> bool:
    return bool(holders) if isinstance(by, Citizen) else _reader(by).post in holders


def _view(row: LetterRow, stored: StoredCase, *, side: Side, thread: Thread) -> LetterView:
    written = Side(row.side)
    return LetterView(
        letter=row.id,
        number=row.number,
        side=written,
        at=row.at,
        organ=row.organ,
        is_own=written is side,
        is_by_delegate=written is Side.APPLICANT and row.author != stored.applicant,
        is_read=row.number <= _read_up_to(row, thread),
        text=stored.cipher.open(row.sealed, _context(row.id)).decode(),
    )


def _read_up_to(row: LetterRow, thread: Thread) -> int:
    if Side(row.side) is Side.OFFICE:
        return thread.read_by_applicant
    return max((thread.read_by_units.get(unit, 0) for unit in row.units), default=0)


def _tell(case: CaseId, letter: UUID) -> OutboxMessage:
    body = {"case": str(case), "kind": "tell", "detail": {"code": WRITTEN}}
    return OutboxMessage(TELL_TOPIC, f"letter:{letter}", body)


def _context(letter: UUID) -> bytes:
    return f"workflows.letter:{letter}".encode()
