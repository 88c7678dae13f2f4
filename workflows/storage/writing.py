"""Write what one command did: every row in one statement, fenced by the revision that it was decided on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from psycopg.errors import DivisionByZero, UniqueViolation

from gov_portal.kernel import ledger, outbox
from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import TaskKey
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.prepared import run
from workflows.domain.state import NOTHING, CaseState, Effect, Transition
from workflows.projections import Changes, UnitOf, changes
from workflows.sealing import OWN, Stored, dump_value
from workflows.storage.events import Body, EventPlace, sealed_body
from workflows.storage.loading import CaseRow, StoredCase
from workflows.storage.requests import RequestKey, remembered
from workflows.storage.statements import Statement, fenced, insert, joined, update
from workflows.storage.states import reasons_of, state_json

_ADD_TASKS = """INSERT INTO workflows_tasks (case_id, key, step, kind, role, org, unit, rank, officer, opened_at,
    due_at, yellow_at, red_at, is_provisional, next_at) VALUES {rows}"""
_CHANGE_TASK = """UPDATE workflows_tasks SET (step, kind, role, org, unit, rank, officer, opened_at,
    due_at, yellow_at, red_at, is_provisional, next_at) = {rows} WHERE case_id = %s AND key = %s"""
_DROP_TASK = "DELETE FROM workflows_tasks WHERE case_id = %s AND key = %s"
_ADD_FINISHED = """INSERT INTO workflows_finished_tasks
    (case_id, key, org, unit, role, officer, opened_at, due_at, closed_at) VALUES {rows}"""
_PUT_TIMERS = """INSERT INTO workflows_timers (case_id, key, due_at) VALUES {rows}
    ON CONFLICT (case_id, key) DO UPDATE SET due_at = excluded.due_at"""
_DROP_TIMERS = "DELETE FROM workflows_timers WHERE case_id = %s AND key = ANY(%s)"
_PUT_NOTICES = """INSERT INTO workflows_public_notices (case_id, step, started_at, ends_at) VALUES {rows}
    ON CONFLICT (case_id, step) DO UPDATE SET started_at = excluded.started_at, ends_at = excluded.ends_at"""
_DROP_NOTICES = "DELETE FROM workflows_public_notices WHERE case_id = %s AND step = ANY(%s)"
_PUT_DATA = """INSERT INTO workflows_case_data (case_id, field_group, sealed) VALUES {rows}
    ON CONFLICT (case_id, field_group) DO UPDATE SET sealed = excluded.sealed"""
_FENCE = "id = %s AND rev = %s"
UNLESS_LOCKED = "id = (SELECT id FROM workflows_cases WHERE id = %s AND rev = %s FOR UPDATE SKIP LOCKED)"
"""Fence of whoever would rather leave a case that somebody is writing than wait for it."""


class Record(NamedTuple):
    """Hold what one command did to a case.

    Attributes:
        kind: word of the event row, the command's.
        at: business time of the command.
        actor: ``citizen:<uuid>``, ``officer:<uuid>`` or ``platform:<name>``.
        writes: new values with their provenance.
        columns: further columns of the case row.
        also: further statements of the same transaction.
    """

    kind: str
    at: datetime
    actor: str
    transition: Transition
    writes: Mapping[str, Stored] = NOTHING
    columns: Mapping[str, object] = NOTHING
    request: RequestKey | None = None
    also: Sequence[Statement] = ()


class CaseMoved(Exception):
    """Tell that somebody else has written the case since it was read; nothing was written, read it again."""


def write(driver: Driver, case: StoredCase, record: Record, *, unit_of: UnitOf, fence: str = _FENCE) -> None:
    """Write a record: one statement that is a transaction by itself, where the caller has not begun one.

    Raises:
        CaseMoved: the case is not what it was when it was read, or, with ``UNLESS_LOCKED``, somebody is writing it.
    """
    found = changes(case.definition, case.state, record.transition.state, unit_of=unit_of)
    columns, statements = _statements(case, record, found=found)
    statements += _finished(case, record, gone=found.gone_tasks, unit_of=unit_of)
    _execute_fenced(driver, case, columns, statements, fence=fence)


def _finished(case: StoredCase, record: Record, *, gone: Sequence[str], unit_of: UnitOf) -> list[Statement]:
    """Return the statement that keeps when officers' tasks began and ended, for the figures of their unit."""
    kind, _, actor = record.actor.partition(":")
    officer = UUID(actor) if kind == "officer" else None
    rows = []
    for key in gone:
        task = case.state.tasks[TaskKey(key)]
        unit = None if task.org is None else unit_of(task.org, task.near)
        if unit is not None:
            moments = (task.opened_at, task.due_at, record.at)
            rows.append((case.id, key, task.org, unit, task.role, officer, *moments))
    return [insert(_ADD_FINISHED, rows)] if rows else []


def insert_case(driver: Driver, case: StoredCase, record: Record, *, unit_of: UnitOf) -> None:
    """Write a new case, whose row is not there yet, with its first record."""
    found = changes(case.definition, CaseState(), record.transition.state, unit_of=unit_of)
    changed, statements = _statements(case, record, found=found)
    columns = {**_first_columns(case.row, record.transition.state), **changed}
    sql = "INSERT INTO workflows_cases (" + ", ".join(columns) + ") VALUES {rows}"  # noqa: S608 - own columns
    run(driver, *joined([*statements, insert(sql, [tuple(columns.values())])]))


def save_draft(
    driver: Driver, case: StoredCase, *, writes: Mapping[str, Stored], notes: Mapping[str, object], at: datetime
) -> None:
    """Keep values and notes of a draft; typing is no command, so there is no event.

    Raises:
        CaseMoved: the case is not what it was when it was read.
    """
    own, data = _data(case, writes)
    columns = {"draft": orjson.dumps(notes).decode(), "rev": case.row.rev + 1, "changed_at": at, **own}
    _execute_fenced(driver, case, columns, data)


def _execute_fenced(
    driver: Driver,
    case: StoredCase,
    columns: Mapping[str, object],
    statements: Sequence[Statement],
    *,
    fence: str = _FENCE,
) -> None:
    gate = (update("workflows_cases", tuple(columns), where=fence), (*columns.values(), case.id, case.row.rev))
    try:
        run(driver, *fenced(gate, statements))
    except (DivisionByZero, UniqueViolation) as error:
        # The fence, or the ledger's own key: whichever saw the other writer first.
        raise CaseMoved from error


def effects_of(case: object) -> str:
    """Return what the keys of all outbox messages of a case begin with."""
    return f"case:{case}:"


def stream_of(case: object) -> str:
    """Return the ledger stream of a case."""
    return f"case:{case}"


def _event(case: StoredCase, record: Record) -> ledger.Entry:
    seq = case.row.head_seq + 1
    writes = {path: dump_value(case.definition, path, stored.value) for path, stored in record.writes.items()}
    sealed = sealed_body(case.cipher, Body(record.transition.happenings, writes), EventPlace(case.id, seq, record.at))
    return ledger.Entry(
        stream_of(case.id), seq, case.row.opened_on, record.kind, record.at, record.actor, sealed, case.row.head_hash
    )


def _statements(case: StoredCase, record: Record, *, found: Changes) -> tuple[dict[str, object], list[Statement]]:
    """Return the columns of the case row that change, and the statements that write every other row."""
    event = _event(case, record).row
    own, data = _data(case, {**record.writes, **_reasons(case, record)})
    columns = {**_columns(case, record, event=event), **own, **record.columns}
    effects = _effects(case, record, seq=case.row.head_seq + 1)
    rows = _rows_of(case, found)
    return columns, [*rows, *data, *effects, *record.also, (ledger.INSERT_SQL, event)]


def _columns(case: StoredCase, record: Record, *, event: tuple[object, ...]) -> dict[str, object]:
    """Return what changes of the case row; the rest stays out, so that the update stays small."""
    old, new = case.state, record.transition.state
    columns: dict[str, object] = {
        "state": state_json(new),
        "rev": case.row.rev + 1,
        "head_seq": event[1],
        "head_hash": event[-1],
        "changed_at": record.at,
    }
    if new.status is not old.status:
        columns["status"] = new.status.value
    if new.phase is not old.phase:
        columns["phase"] = new.phase.value
    if new.is_returned != old.is_returned:
        columns["is_returned"] = new.is_returned
    if new.outcome != old.outcome:
        columns["outcome"] = new.outcome
    if new.due_at != old.due_at:
        columns["due_at"] = new.due_at
    if new.actors is not old.actors and new.actors != old.actors:
        columns["officers"] = _officers(case.row.officers, old, new)
    if record.request is not None:
        columns["requests"] = remembered(case.row.requests, record.request)
    return columns


def _first_columns(row: CaseRow, state: CaseState) -> dict[str, object]:
    names = ("id", "item", "definition_hash", "applicant", "begun_by", "key_id", "opened_on", "appeal_of", "begun_at")
    columns: dict[str, object] = {name: getattr(row, name) for name in (*names, "part_of", "part_step")}
    return columns | {"status": state.status.value, "phase": state.phase.value}


def _reasons(case: StoredCase, record: Record) -> dict[str, Stored]:
    """Return the reasons of marks that are not sealed yet."""
    reasons = reasons_of(record.transition.state)
    return {
        path: Stored(texts, record.kind, record.at) for path, texts in reasons.items() if case.values.get(path) != texts
    }


def _officers(known: str, before: CaseState, after: CaseState) -> str:
    """Return the array of who has acted in the case, as PostgreSQL spells it, in the order of their first act."""
    acted = dict.fromkeys(known.strip("{}").split(",") if known != "{}" else ())
    for step, officers in after.actors.items():
        if before.actors.get(step) is not officers:
            acted.update(dict.fromkeys(map(str, officers)))
    return "{" + ",".join(acted) + "}"


def _rows_of(case: StoredCase, found: Changes) -> list[Statement]:
    """Return the statements that bring the projections up to date; none for what stays as it is."""
    statements: list[Statement] = []
    if found.gone_tasks:
        statements += [(_DROP_TASK, (case.id, key)) for key in found.gone_tasks]
    if found.new_tasks:
        statements.append(insert(_ADD_TASKS, [(case.id, key, *row) for key, row in found.new_tasks.items()]))
    for key, row in found.changed_tasks.items():
        sql, params = insert(_CHANGE_TASK, [row])
        statements.append((sql, (*params, case.id, key)))
    if found.gone_timers:
        statements.append((_DROP_TIMERS, (case.id, list(found.gone_timers))))
    if found.put_timers:
        statements.append(insert(_PUT_TIMERS, [(case.id, key, due_at) for key, due_at in found.put_timers.items()]))
    if found.gone_notices:
        statements.append((_DROP_NOTICES, (case.id, list(found.gone_notices))))
    if found.put_notices:
        statements.append(insert(_PUT_NOTICES, [(case.id, step, *row) for step, row in found.put_notices.items()]))
    return statements


def _data(case: StoredCase, writes: Mapping[str, Stored]) -> tuple[dict[str, object], list[Statement]]:
    """Return the sealed column of the case row, where it changes, and the statement that writes the other groups."""
    if not writes:
        return {}, []
    sealed = case.values.put(writes)
    own: dict[str, object] = {"sealed": sealed.pop(OWN)} if OWN in sealed else {}
    if not sealed:
        return own, []
    return own, [insert(_PUT_DATA, [(case.id, group, content) for group, content in sealed.items()])]


def _effects(case: StoredCase, record: Record, *, seq: int) -> list[Statement]:
    if not record.transition.effects:
        return []
    messages = [message_of(case, effect, seq=seq, place=n) for n, effect in enumerate(record.transition.effects)]
    return [(outbox.INSERT_SQL, row) for row in outbox.rows(messages)]


def message_of(case: StoredCase, effect: Effect, *, seq: int, place: int) -> OutboxMessage:
    """Return the outbox message of an effect.

    Its own key is unique to the event that asked for it; what the receiver gets as idempotency key is (case, step,
    visit, kind), the same for every attempt of a visit.
    """
    return OutboxMessage(
        topic=f"case.{effect.kind}",
        key=f"{effects_of(case.id)}{seq}.{place}",
        payload={
            "case": str(case.id),
            "step": effect.step,
            "visit": effect.visit,
            "kind": effect.kind,
            "detail": dict(effect.detail),
        },
        delay_s=effect.delay_s,
        source=f"item:{case.item}",
        target=_target(effect),
    )


def _target(effect: Effect) -> str:
    """Return the department's system that an effect goes to; its name begins that of the resource."""
    resource = str(effect.detail.get("resource", "")).partition(".")[0]
    return f"system:{resource}" if resource else ""
