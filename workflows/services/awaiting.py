"""Note that a step waits for a message, and take what came before it."""

from collections.abc import Iterable

import orjson
import structlog

from gov_portal.kernel import outbox
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Platform
from workflows.domain.commands import Result, ResultKind
from workflows.domain.definition import CASE_ID, WaitStep
from workflows.services.incoming import CONTEXT, is_awaited, key_index, parsed
from workflows.services.stepping import Order, Stepper
from workflows.storage.incoming import AwaitedRow, early_messages, lock_key, note_awaited, taking
from workflows.storage.loading import StoredCase

_WORKER = Platform("worker")
_log = structlog.get_logger(__name__)


class Awaiting(Stepper):
    """Let cases wait for messages."""

    def wait_for_message(self, stored: StoredCase, step: WaitStep, *, visit: int, message: OutboxMessage) -> None:
        """Note the wait, then apply the messages that came early: the first, or all where the step keeps them.

        Safe to run twice: what is noted is noted once, and a case that went on takes nothing more.
        """
        awaited = AwaitedRow(stored.id, step.id, visit, stored.state.status.value)
        keys = [key_index(self._desk.keys.blind_index, key) for key in _keys(stored, step)]
        with self._desk.db.begin() as uow:
            for key in sorted(keys):
                lock_key(uow.driver, step.sender, str(step.message), key)
                note_awaited(uow.driver, awaited, org=step.sender, message=str(step.message), key=key)
        with self._desk.db.driver() as driver:
            early = early_messages(driver, step.sender, str(step.message), keys)
        if not early or not is_awaited(stored, awaited):
            with self._desk.db.begin() as uow:
                outbox.finish(uow, message)
            return
        used, fields = self._joined(stored, step, early)
        taken = taking(step.sender, used, case=stored.id, at=self._desk.clock.now())
        if not fields:
            with self._desk.db.begin() as uow:
                outbox.finish(uow, message)
                uow.driver.execute(*taken)
            return
        result = Result(step.id, visit, ResultKind.DONE, fields[0])
        self._carry_out(stored.id, lambda _: result, order=Order(by=_WORKER, message=message, also=(taken,)))

    def _joined(
        self, stored: StoredCase, step: WaitStep, early: Iterable[tuple[str, bytes]]
    ) -> tuple[list[str], list[dict[str, object]]]:
        """Return which messages are used up and what they bring; one that the case's version cannot read is too."""
        keys, used, found = self._desk.keys, [], dict[str, object]()
        rows: list[object] = []
        is_found = False
        for message_id, sealed in early:
            content = orjson.loads(keys.open(keys.platform_key, sealed, context=CONTEXT))
            used.append(message_id)
            try:
                fields = parsed(stored.definition, step, content)
            except InvalidFields as fault:
                _log.error("message-unreadable", case=str(stored.id), step=step.id, faults=len(fault.faults))
                continue
            more = fields.get(step.into) if step.into else None
            rows += more if isinstance(more, tuple) else ()
            found |= fields if not is_found else {}
            is_found = True
            if step.into is None:
                break
        if step.into is not None and is_found:
            found[step.into] = tuple(rows)
        return used, [found] if is_found else []


def _keys(stored: StoredCase, step: WaitStep) -> list[str]:
    """Return what a message may name the matter by."""
    if step.key == CASE_ID:
        return [stored.case_number, str(stored.id)]
    value = stored.values.get(step.key)
    return [] if value is None else [str(value)]
