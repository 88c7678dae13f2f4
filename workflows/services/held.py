"""Hold acts for a few seconds so that they can be undone (撤销), then carry them out once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import orjson
from psycopg.errors import UniqueViolation

from gov_portal.kernel import outbox
from gov_portal.kernel.db import UnitOfWork
from gov_portal.kernel.decisions import GIVEN_UP
from gov_portal.kernel.errors import Conflict, DomainError
from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Officer, Platform
from workflows.domain.commands import ActOn, Mark
from workflows.domain.definition import Definition
from workflows.services.cases import CaseService
from workflows.services.checks import CheckBook, contradiction
from workflows.services.desk import Desk, Service
from workflows.services.errors import CaseBusy, CaseUnknown
from workflows.services.jobs import PostLost
from workflows.services.reading import declared_acts
from workflows.storage.visibility import visible_to
from workflows.views import WorkView

TOPIC = "desk.held"

_HOLD = """INSERT INTO workflows_held_acts (id, case_id, task, officer, org, unit, act, sealed, due_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now() + make_interval(secs => %s))
    ON CONFLICT (id) DO NOTHING RETURNING id"""
_CLAIM = """UPDATE workflows_held_acts SET claimed_at = coalesce(claimed_at, now())
    WHERE id = %s AND refused_as IS NULL RETURNING case_id, officer, org, unit, sealed"""
_UNDO = """DELETE FROM workflows_held_acts WHERE id = %s AND officer = %s AND claimed_at IS NULL
    RETURNING case_id, task"""
_DONE = "DELETE FROM workflows_held_acts WHERE id = %s"
_REFUSED = "UPDATE workflows_held_acts SET refused_as = %s WHERE id = %s"
_READ_ON = "DELETE FROM workflows_held_acts WHERE id = %s AND officer = %s AND refused_as IS NOT NULL"
_MINE = """SELECT h.id, h.case_id, c.case_number, h.task, h.act, c.definition_hash, h.claimed_at IS NOT NULL,
    ceil(extract(epoch FROM h.due_at - now()))::int, h.refused_as
    FROM workflows_held_acts h JOIN workflows_cases c ON c.id = h.case_id WHERE h.officer = %s ORDER BY h.due_at"""
_OF_CASES = "SELECT case_id, task FROM workflows_held_acts WHERE case_id = ANY(%s) AND refused_as IS NULL"


class ActHeld(Conflict):
    """Refuse because an act on the same task takes effect just now."""

    code = "desk.act-held"


class UndoTooLate(Conflict):
    """Refuse because the act has taken effect, or was undone before."""

    code = "desk.undo-too-late"


@dataclass(frozen=True, slots=True)
class HeldAct:
    """Show one held act to the officer who gave it.

    Attributes:
        seconds: how long it can still be undone; 0 once it is being carried out.
        refused_as: code of the reason why it came to nothing, empty while it may still take effect.
    """

    id: UUID
    case: CaseId
    case_number: str
    task: TaskKey
    act_label: str
    seconds: int
    may_undo: bool
    refused_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Say what an officer wants done: the command, the page's key, and whether a warning was read before."""

    command: ActOn
    key: str | None = None
    is_insisted: bool = False


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Hold what lies sealed in a row: the act as it was typed."""

    task: str
    act: str
    fields: Mapping[str, object] = field(repr=False)
    reason: str = field(repr=False)
    marks: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def command(self) -> ActOn:
        """Return it as a command."""
        return ActOn(TaskKey(self.task), self.act, self.fields, self.reason, tuple(Mark(*one) for one in self.marks))


class HeldActs(Service):
    """Carry out acts at once, or a few seconds later unless they are undone."""

    def __init__(self, desk: Desk, *, cases: CaseService, checks: CheckBook, undo_s: float) -> None:
        """Act through the same service as everybody; ``undo_s`` is how long an act can be undone, 0 is not at all."""
        super().__init__(desk)
        self._cases = cases
        self._checks = checks
        self._undo_s = undo_s

    def act(self, work: WorkView, wish: Wish, *, by: Officer) -> bool:
        """Carry out an act of the task that the officer was shown; tell whether it can still be undone.

        Raises:
            ChecksContradicted, ChecksLeftOut: the officer's own notes speak against it, and it was not insisted on.
            ActHeld: another act on the task takes effect just now.
            InvalidFields, TransitionRefused: as for ``CaseService.act``, and at once, however long it is held.
        """
        command = wish.command
        if not wish.is_insisted:
            self._warn(work, command, by=by)
        if not self._undo_s:
            self._cases.act(work.case_id, command, by=by, key=wish.key)
            return False
        self._cases.rehearse(work.case_id, command, by=by)
        self._hold(work, wish, by=by)
        return True

    def undo(self, held: UUID, *, by: Officer) -> tuple[CaseId, TaskKey]:
        """Take an act back before anything came of it; return where to go on.

        Raises:
            UndoTooLate: it takes effect, was undone before, or is another's.
        """
        with self._desk.db.driver() as driver:
            row = driver.execute(_UNDO, (held, by.officer)).fetchone()
        if row is None:
            raise UndoTooLate
        return CaseId(row[0]), TaskKey(row[1])

    def mine(self, by: Officer) -> tuple[HeldAct, ...]:
        """Return the officer's acts that may still be undone or take effect now, and those that came to nothing."""
        with self._desk.db.driver() as driver:
            rows = driver.execute(_MINE, (by.officer,)).fetchall()
        return tuple(
            HeldAct(
                id=row[0],
                case=CaseId(row[1]),
                case_number=row[2] or "",
                task=TaskKey(row[3]),
                act_label=_label(self._desk.definitions.by_hash(row[5]), TaskKey(row[3]), row[4]),
                seconds=max(0, row[7]),
                may_undo=not row[6] and not row[8],
                refused_as=row[8] or "",
            )
            for row in rows
        )

    def under_way(self, cases: Collection[CaseId]) -> frozenset[tuple[CaseId, TaskKey]]:
        """Return the tasks among some cases, which the caller may see, on which an act takes effect now (正在生效)."""
        if not cases:
            return frozenset()
        with self._desk.db.driver() as driver:
            rows = driver.execute(_OF_CASES, (list(cases),)).fetchall()
        return frozenset((CaseId(case), TaskKey(task)) for case, task in rows)

    def read_on(self, held: UUID, *, by: Officer) -> None:
        """Forget an act that came to nothing, once its officer has read so."""
        with self._desk.db.driver() as driver:
            driver.execute(_READ_ON, (held, by.officer))

    def deliver(self, message: OutboxMessage) -> None:
        """Carry out a held act by whoever gave it; nothing is left to do where it was undone. Safe to run twice.

        Raises:
            CaseBusy: others moved the case again and again; the row is tried again.
        """
        held = UUID(str(message.payload["held"]))
        with self._desk.db.driver() as driver:
            row = driver.execute(_CLAIM, (held,)).fetchone()
        if row is None:
            return
        case, officer, org, unit, sealed = row
        refused_as = self._carry_out_held(held, CaseId(case), sealed, post=(officer, org, unit))
        with self._desk.db.driver() as driver:
            if refused_as:
                driver.execute(_REFUSED, (refused_as, held))
            else:
                driver.execute(_DONE, (held,))

    def give_up(self, uow: UnitOfWork, message: OutboxMessage) -> None:
        """Let an act that an operator has ended count as refused, so that its officer reads of it."""
        uow.driver.execute(_REFUSED, (GIVEN_UP, UUID(str(message.payload["held"]))))

    def _carry_out_held(self, held: UUID, case: CaseId, sealed: bytes, *, post: tuple[UUID, str, str]) -> str:
        """Return the code of the reason why nothing came of it, empty where it is done."""
        officer, org, unit = post
        by = self._desk.ports.officers.at_post(OfficerId(officer), org=org, region=unit)
        if by is None:
            return PostLost.code
        try:
            command = self._opened(held, case, sealed)
            # The key makes a second run after a lost worker do nothing.
            self._cases.act(case, command, by=by, key=f"held:{held}")
        except CaseBusy:
            raise
        except DomainError as refusal:
            return refusal.code
        return ""

    def _warn(self, work: WorkView, command: ActOn, *, by: Officer) -> None:
        act = next((one for one in work.acts if one.id == command.act), None)
        if act is None or not work.markable:
            return
        checks = self._checks.checks(work, by=by)
        warning = contradiction(act, checks, marks=command.marks)
        if warning is not None:
            raise warning

    def _hold(self, work: WorkView, wish: Wish, *, by: Officer) -> None:
        command = wish.command
        held = uuid5(NAMESPACE_OID, f"{by.officer}:{work.case_id}:{command.task}:{wish.key}") if wish.key else uuid4()
        stored = self._find(work.case_id, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        marks = [[mark.target, mark.reason] for mark in command.marks]
        content = [command.task, command.act, dict(command.fields), command.reason, marks]
        sealed = stored.cipher.seal(orjson.dumps(content), _place(held))
        post = (by.officer, by.org, by.region)
        row = (held, work.case_id, command.task, *post, command.act, sealed, self._undo_s)
        message = OutboxMessage(TOPIC, f"desk:held:{held}", {"held": str(held)}, delay_s=self._undo_s)
        try:
            with self._desk.db.begin() as uow:
                if uow.driver.execute(_HOLD, row).fetchone() is not None:
                    outbox.add(uow, message)
        except UniqueViolation:
            raise ActHeld from None

    def _opened(self, held: UUID, case: CaseId, sealed: bytes) -> ActOn:
        stored = self._find(case, sight=visible_to(Platform("desk")))
        if stored is None:
            raise CaseUnknown
        return _Sealed(*orjson.loads(stored.cipher.open(sealed, _place(held)))).command


def _label(definition: Definition, task: TaskKey, act: str) -> str:
    """Return what the item calls an act, or the step where the act has no name of its own."""
    step = definition.steps.get(task.partition(".")[0])
    known = {one.id: one.label for one in declared_acts(step)} if step else {}
    return known.get(act) or definition.labels.get(f"act.{act}") or definition.label(f"step.{task.partition('.')[0]}")


def _place(held: UUID) -> bytes:
    return f"workflows.held:{held}".encode()
