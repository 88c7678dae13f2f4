"""Carry one command through: read, advance, write behind the fence of what was read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import orjson

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, OfficerId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Citizen, Principal, actor_of
from workflows.domain.commands import ActOn, Command, Result, ReturnSupplement, Submit
from workflows.domain.definition import APPLICANT, CallStep, DecideStep, Definition
from workflows.domain.state import NOTHING, Context, Status, Transition
from workflows.engine import advance
from workflows.engine.standing import why_it_stands
from workflows.sealing import TYPED, Stored
from workflows.services.desk import Service
from workflows.services.errors import CaseBusy, CaseUnknown, KeyInvalid, KeyReused
from workflows.services.pending import pending_paths
from workflows.services.receipts import receipt_columns
from workflows.storage.loading import StoredCase
from workflows.storage.parties import joining, party_of
from workflows.storage.requests import RequestKey, content_of
from workflows.storage.statements import Statement
from workflows.storage.visibility import Sight, visible_to
from workflows.storage.writing import CaseMoved, Record, write

Build = Callable[[StoredCase], Command]
"""Make the command of the case as it is under the lock."""

LONGEST_KEY = 100
MOST_ATTEMPTS = 8

_OPEN_TASKS = """SELECT officer, count(*) FROM workflows_tasks
    WHERE org = %s AND unit = %s AND officer = ANY(%s) GROUP BY officer"""


class Order(NamedTuple):
    """Say who gives a command and what comes with it.

    Attributes:
        sight: which cases it may touch; by default those that ``by`` may see.
        request: idempotency key of the request.
        message: outbox message that it answers, finished in the same transaction.
        sources: provenance of fields that did not come from ``by``.
        notes: values to be sealed with the case that no command writes.
        columns: further columns of the case row.
        also: further statements of the same transaction.
        standing: as what a citizen acts: the applicant, or a party by name.
    """

    by: Principal
    standing: str = APPLICANT
    sight: Sight | None = None
    request: RequestKey | None = None
    message: OutboxMessage | None = None
    sources: Mapping[str, Stored] = NOTHING
    notes: Mapping[str, Stored] = NOTHING
    columns: Mapping[str, object] = NOTHING
    also: tuple[Statement, ...] = ()


class Stepper(Service):
    """Carry commands out; every service that moves a case is one."""

    def _carry_out(self, case: CaseId, build: Build, *, order: Order) -> StoredCase:
        """Carry out one command and return the case as it was before; a repeated request does nothing.

        No lock is held while the engine thinks: where somebody was quicker, the write is refused as a whole and the
        command is tried on what the case is now.

        Raises:
            CaseUnknown: no such case for this principal.
            KeyReused: the key was used for something else.
            TransitionRefused: the engine's reasons.
            CaseBusy: others were quicker again and again.
        """
        for _ in range(MOST_ATTEMPTS):
            try:
                return self._attempt(case, build, order=order)
            except CaseMoved:
                continue
        raise CaseBusy

    def _attempt(self, case: CaseId, build: Build, *, order: Order) -> StoredCase:
        sight = order.sight or visible_to(order.by)
        if order.message is not None:
            return self._answer(case, build, order=order, message=order.message)
        stored = _known(self._find(case, sight=sight))
        if order.request is None or not is_repeated(stored, order.request):
            record = self._decide(stored, build(stored), order=order)
            with self._desk.db.driver() as driver:
                write(driver, stored, record, unit_of=self._offices.unit)
        return stored

    def _answer(self, case: CaseId, build: Build, *, order: Order, message: OutboxMessage) -> StoredCase:
        """Apply the result of an effect; its message is finished in the same transaction or it all comes to nothing."""
        stored = _known(self._find(case, sight=order.sight or visible_to(order.by)))
        record = self._decide(stored, build(stored), order=order)
        with self._desk.db.begin() as uow:
            outbox.finish(uow, message)
            write(uow.driver, stored, record, unit_of=self._offices.unit)
        return stored

    def _decide(self, stored: StoredCase, command: Command, *, order: Order) -> Record:
        """Let the engine decide and return what is to be written; nothing is held meanwhile."""
        now = self._desk.clock.now()
        context = self._context(stored, by=order.by, at=now, standing=order.standing)
        transition = advance(stored.definition, stored.state, command, context)
        columns, notes = dict(order.columns), dict(order.notes)
        if stored.state.status is Status.DRAFT and transition.state.status is not Status.DRAFT:
            columns |= receipt_columns(self._desk, self._offices, stored=stored, at=now)
            notes |= {path: Stored(None, TYPED, now) for path in pending_paths(stored.definition, stored.values)}
        writes = provenance(stored.definition, command, transition, at=now, sources=order.sources)
        for task in transition.state.tasks.values():
            if task.org:
                self._offices.unit(task.org, task.near)
        return Record(
            kind=event_kind(command),
            at=now,
            actor=actor_of(order.by),
            transition=transition,
            writes={**writes, **notes},
            columns=columns,
            request=order.request,
            also=(*order.also, *self._joining(stored, transition), *_told_to_bundle(stored, transition)),
        )

    def _joining(self, stored: StoredCase, transition: Transition) -> tuple[Statement, ...]:
        """Return the statements by which parties join that are asked now and whom the platform knows."""
        parties = stored.definition.parties
        if not parties:
            return ()
        asked = {task.role for task in transition.state.tasks.values() if task.role in parties}
        found = []
        for name in sorted(asked):
            path = parties[name].person
            id_no = transition.writes.get(path, stored.values.get(path))
            person = self._desk.ports.people.find(str(id_no)) if id_no else None
            if person is not None:
                found.append(joining(stored.id, name, person=person))
        return tuple(found)

    def _involved(self, case: CaseId, *, by: Citizen) -> tuple[StoredCase, str]:
        """Return a case that is a person's own or that they take part in, and as what.

        Raises:
            CaseUnknown: it is neither.
        """
        own = self._find(case, sight=visible_to(by))
        if own is not None:
            return own, APPLICANT
        stored = _known(self._find(case, sight=visible_to(by, as_party=True)))
        with self._desk.db.driver() as driver:
            party = party_of(driver, case, person=by.subject)
        if party is None:
            raise CaseUnknown
        return stored, party

    def _context(self, stored: StoredCase, *, by: Principal, at: datetime, standing: str = APPLICANT) -> Context:
        def eligible(role: str, near: str | None) -> tuple[OfficerId, ...]:
            return self._eligible(stored.definition, role=role, near=near)

        values = stored.values
        return Context(stored.id, at, by, self._desk.calendar, values, eligible, values.is_proven, standing)

    def _eligible(self, definition: Definition, *, role: str, near: str | None) -> tuple[OfficerId, ...]:
        """Return the officers of a role at the nearest office, those with the least open work first."""
        post = definition.roles[role]
        office = self._offices.nearest(post.org, near)
        if office is None:
            return ()
        officers = self._desk.ports.officers.eligible(office, role=role, rank=post.rank)
        with self._desk.db.driver() as driver:
            rows = driver.execute(_OPEN_TASKS, (office.org, office.region, list(officers))).fetchall()
        load: dict[OfficerId, int] = dict(rows)
        return tuple(sorted(officers, key=lambda officer: (load.get(officer, 0), officer)))


def _told_to_bundle(stored: StoredCase, transition: Transition) -> tuple[Statement, ...]:
    """Return the message by which a part of a bundle tells that it is closed, stands or goes on, in its transaction."""
    place, was, now = stored.place, stored.state, transition.state
    if place is None:
        return ()
    if now.status is Status.CLOSED and was.status is not Status.CLOSED:
        message = place.message()
    elif why_it_stands(stored.definition, was) != why_it_stands(stored.definition, now):
        message = place.clock_message(stored.row.rev)
    else:
        return ()
    return tuple((outbox.INSERT_SQL, row) for row in outbox.rows([message]))


def _known(stored: StoredCase | None) -> StoredCase:
    if stored is None:
        raise CaseUnknown
    return stored


def request_key(by: Principal, key: str | None, *, body: object) -> RequestKey | None:
    """Return the idempotency key of a request, ``None`` where the client sent none.

    Raises:
        KeyInvalid: empty, too long or with characters that no client of ours sends.
    """
    if key is None:
        return None
    if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        raise KeyInvalid(longest=LONGEST_KEY)
    return RequestKey.of(actor_of(by), key, body=orjson.dumps(body, default=str, option=orjson.OPT_SORT_KEYS))


def is_repeated(stored: StoredCase, request: RequestKey) -> bool:
    """Tell whether the request was carried out before.

    Raises:
        KeyReused: the key was, but with another content.
    """
    known = content_of(stored.row.requests, request)
    if known is not None and known != request.content:
        raise KeyReused
    return known is not None


@lru_cache(maxsize=64)
def _word_of(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


def event_kind(command: Command) -> str:
    """Return the word of a command in the ledger, such as ``act-on``."""
    return _word_of(type(command).__name__)


def provenance(
    definition: Definition, command: Command, transition: Transition, *, at: datetime, sources: Mapping[str, Stored]
) -> dict[str, Stored]:
    """Return what a transition writes with where each value comes from."""
    source, is_verified = _source_of(definition, command)
    given: Mapping[str, object] = getattr(command, "fields", {})
    writes = {}
    for path, value in transition.writes.items():
        known = sources.get(path)
        if known is not None and known.value == value:
            writes[path] = known
        elif path in given:
            writes[path] = Stored(value, source, at, is_verified=is_verified)
        else:
            writes[path] = Stored(value, _decided_by(definition, path), at, is_verified=True)
    return writes


def _source_of(definition: Definition, command: Command) -> tuple[str, bool]:
    match command:
        case Submit() | ReturnSupplement():
            return TYPED, False
        case ActOn():
            return f"step:{command.task.partition('.')[0]}", True
        case Result():
            step = definition.steps.get(command.step)
            return (step.resource if isinstance(step, CallStep) else f"step:{command.step}"), True
        case _:
            return "platform", True


def _decided_by(definition: Definition, path: str) -> str:
    """Return the step that decides a field; what no step decides is the platform's own note."""
    if path not in definition.fields:
        return "platform"
    for step in definition.steps.values():
        if isinstance(step, DecideStep):
            table = definition.tables.get(step.table) if step.table else None
            if path in step.fields or (table is not None and path in table.outputs):
                return f"step:{step.id}"
    return "platform"
