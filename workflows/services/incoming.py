"""Take the messages of departments' systems (如检测报告已出) into the cases that wait for them.

Whoever waits is noted when the step is entered; a message is matched by sender, name and key. One that comes before its
step is kept until the step is there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from hashlib import sha256

import orjson

from gov_portal.kernel.errors import Conflict, Invalid, InvalidFields
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Officer, Platform
from gov_portal.kernel.types import Fault, FieldType, Rows, ValueRefused, is_blank
from workflows.domain.commands import Command, Result, ResultKind
from workflows.domain.definition import CASE_ID, Definition, WaitStep
from workflows.domain.state import Status
from workflows.services.errors import CaseBusy, FieldNotAsked
from workflows.services.stepping import MOST_ATTEMPTS, Order, Stepper
from workflows.storage.incoming import (
    AwaitedRow,
    MessageRow,
    awaited_by,
    case_status,
    forget_untaken,
    keeping,
    known_message,
    lock_key,
    sent_by,
)
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

PURPOSE = "message-key"
CONTEXT = b"workflows.message"
KEPT_FOR = timedelta(days=366)
EVERY_CASE = visible_to(Platform("messages"))


class MessageUnknown(Invalid):
    """Refuse a message that no item waits for from this department."""

    code = "message.unknown"


class MessageReused(Invalid):
    """Refuse a message whose id came before with another content."""

    code = "message.reused"


class MessageTooLate(Conflict):
    """Answer that the case is closed and takes no message any more."""

    code = "message.case-closed"


class Fate(StrEnum):
    """Say what became of a message: a case took it, or it is kept for the step that will wait for it."""

    TAKEN = "taken"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """Hold what a department's system says.

    Attributes:
        id: the sender's own number of it; sent again with the same, it is the same message.
        name: what items call it, such as ``lab-result``.
        key: which matter it is about; personal, perhaps.
        content: raw values by the last names of the fields.
    """

    id: str
    name: str
    key: str = field(repr=False)
    content: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Tell the sender what became of its message."""

    fate: Fate


@dataclass(frozen=True, slots=True)
class SentMessage:
    """Show to its sender what became of a message; its content is not shown again."""

    id: str
    name: str
    fate: Fate
    received_at: datetime
    taken_at: datetime | None


class _Moved(Exception):
    """Tell that a case stopped waiting while a message was on its way into it."""


class Incoming(Stepper):
    """Take messages in."""

    def receive(self, message: IncomingMessage, *, by: Officer) -> Receipt:
        """Take a message into the case that waits for it, or keep it for later; sent again, it changes nothing.

        Raises:
            MessageUnknown: no item waits for such a message of this department.
            MessageReused: the id was used for something else.
            MessageTooLate: the case is closed.
            InvalidFields: the content is not what the item declares.
        """
        definitions, awaited = self._desk.definitions, (message.name, by.org)
        waiting_items = [definitions.by_hash(one.hash) for one in definitions.headings() if awaited in one.messages]
        steps = [(one, step) for one in waiting_items for step in _waits(one, message, by=by)]
        if not steps:
            raise MessageUnknown(field="name")
        row = self._row(message, by=by)
        for _ in range(MOST_ATTEMPTS):
            with self._desk.db.driver() as driver:
                known = known_message(driver, by.org, message.id)
                waiting = awaited_by(driver, by.org, message.name, row.key)
            if known is not None:
                return _repeated(known, row)
            if self._deliver(message, row, waiting, by=by):
                return Receipt(Fate.TAKEN)
            parsed(*steps[0], message.content)
            if self._keep(message, row, waiting, is_by_case=any(one.key == CASE_ID for _, one in steps)):
                return Receipt(Fate.KEPT)
        raise CaseBusy

    def sent(
        self, by: Officer, *, after: str = "", fate: Fate | None = None, limit: int = 50
    ) -> tuple[SentMessage, ...]:
        """Return what the officer's department has sent behind an id of its own, perhaps only what met one fate."""
        is_taken = None if fate is None else fate is Fate.TAKEN
        with self._desk.db.driver() as driver:
            found = sent_by(driver, by.org, after=after, is_taken=is_taken, limit=limit)
        return tuple(
            SentMessage(row.id, row.message, Fate.TAKEN if row.taken_at else Fate.KEPT, row.received_at, row.taken_at)
            for row in found
        )

    def tidy(self) -> None:
        """Forget messages that nobody has waited for in a year."""
        with self._desk.db.driver() as driver:
            forget_untaken(driver, self._desk.clock.now() - KEPT_FOR)

    def _row(self, message: IncomingMessage, *, by: Officer) -> MessageRow:
        keys = self._desk.keys
        body = orjson.dumps([message.name, message.key, message.content], option=orjson.OPT_SORT_KEYS)
        sealed = keys.seal(keys.platform_key, orjson.dumps(message.content), context=CONTEXT)
        key = key_index(keys.blind_index, message.key)
        now = self._desk.clock.now()
        return MessageRow(by.org, message.id, message.name, key, sha256(body).digest(), sealed, now)

    def _deliver(self, message: IncomingMessage, row: MessageRow, waiting: list[AwaitedRow], *, by: Officer) -> bool:
        """Take the message into the case that waits now; tell whether one did.

        Raises:
            MessageTooLate: all that ever waited for it is closed.
        """
        for awaited in waiting:
            stored = self._find(CaseId(awaited.case), sight=EVERY_CASE)
            if stored is None or not is_awaited(stored, awaited):
                continue
            also = (keeping(row._replace(sealed=b"", case=awaited.case, taken_at=row.received_at)),)
            order = Order(by=by, sight=EVERY_CASE, also=also)
            try:
                self._carry_out(stored.id, partial(_command, awaited=awaited, content=message.content), order=order)
            except _Moved:
                return False
            return True
        if waiting and all(one.status == Status.CLOSED for one in waiting):
            raise MessageTooLate
        return False

    def _keep(self, message: IncomingMessage, row: MessageRow, waiting: list[AwaitedRow], *, is_by_case: bool) -> bool:
        """Keep the message unless somebody has begun to wait for it meanwhile."""
        with self._desk.db.begin() as uow:
            lock_key(uow.driver, row.org, row.message, row.key)
            if awaited_by(uow.driver, row.org, row.message, row.key) != waiting:
                return False
            if is_by_case and case_status(uow.driver, message.key) == Status.CLOSED:
                raise MessageTooLate
            sql, params = keeping(row)
            uow.driver.execute(sql, params)
        return True


def _waits(definition: Definition, message: IncomingMessage, *, by: Officer) -> Iterator[WaitStep]:
    for step in definition.steps.values():
        if isinstance(step, WaitStep) and step.message == message.name and step.sender == by.org:
            yield step


def _repeated(known: tuple[bytes, bool], row: MessageRow) -> Receipt:
    digest, is_taken = known
    if digest != row.digest:
        raise MessageReused(field="id")
    return Receipt(Fate.TAKEN if is_taken else Fate.KEPT)


def key_index(blind_index: Callable[[str, str], bytes], key: str) -> bytes:
    """Return what stands for the key of a message in the tables."""
    return blind_index(PURPOSE, key.strip().upper())


def is_awaited(stored: StoredCase, awaited: AwaitedRow) -> bool:
    """Tell whether the visit waits now; a suspended case keeps what comes for its return."""
    return stored.state.status is not Status.CLOSED and any(
        (active.step, active.visit) == (awaited.step, awaited.visit) for active in stored.state.active
    )


def _command(stored: StoredCase, *, awaited: AwaitedRow, content: Mapping[str, object]) -> Command:
    if not is_awaited(stored, awaited):
        raise _Moved
    step = stored.definition.steps[awaited.step]
    fields = parsed(stored.definition, step, content) if isinstance(step, WaitStep) else {}
    return Result(awaited.step, awaited.visit, ResultKind.DONE, fields)


def parsed(definition: Definition, step: WaitStep, content: Mapping[str, object]) -> dict[str, object]:
    """Return what a message brings, typed, by the paths of its fields.

    Raises:
        InvalidFields: with every fault; each names the value as the sender spells it.
    """
    faults: list[Invalid] = []
    found = {path: _value(definition.fields[path].type, path, content, faults) for path in step.gives}
    for path in step.gives:
        if found[path] is None and not definition.fields[path].is_maybe and not faults:
            faults.append(ValueRefused(Fault.MISSING, field=path.rpartition(".")[2]))
    names = {path.rpartition(".")[2] for path in step.gives}
    if step.into is not None:
        rows = definition.fields[step.into].type
        columns = [name for name, _ in rows.columns] if isinstance(rows, Rows) else []
        names.update(columns)
        found[step.into] = _row_of(rows, columns, content, faults)
    faults += [FieldNotAsked(field=name) for name in content if name not in names]
    if faults:
        raise InvalidFields(list(faults))
    return {path: value for path, value in found.items() if value is not None}


def _value(kind: FieldType, path: str, content: Mapping[str, object], faults: list[Invalid]) -> object:
    name = path.rpartition(".")[2]
    if is_blank(content.get(name)):
        return None
    try:
        return kind.parse(content[name])
    except Invalid as fault:
        fault.field = name
        faults.append(fault)
    return None


def _row_of(kind: FieldType, columns: Iterable[str], content: Mapping[str, object], faults: list[Invalid]) -> object:
    try:
        return kind.parse([{name: content.get(name) for name in columns}])
    except Invalid as fault:
        fault.field = (fault.field or "").rpartition(".")[2] or None
        faults.append(fault)
    return None
