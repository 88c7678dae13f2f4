"""Correct a closed case of the office's own accord (依职权更正): a case of the same version follows it.

The successor holds what the application held, with what the officer corrects, and is handed in at once; the steps find
and decide anew. Its licence takes the place of the first one's.
"""

from collections.abc import Mapping
from uuid import UUID

import orjson

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.ids import CaseId, LicenceId
from gov_portal.kernel.principal import Officer, Platform
from gov_portal.kernel.types import Fault, ValueRefused
from workflows.domain.commands import OpenCorrection, Submit
from workflows.domain.definition import Definition
from workflows.domain.state import Status
from workflows.domain.subject import LICENCE, deferred_path, promised_path
from workflows.engine.plan import plan_of
from workflows.sealing import CORRECTED, MATERIALS, Stored
from workflows.services.errors import CaseUnknown
from workflows.services.forms import Form
from workflows.services.inputs import Inputs, is_file
from workflows.services.opening import NewCase
from workflows.services.parts import applicant_of
from workflows.services.prefilling import answers_of
from workflows.services.stepping import Order, request_key
from workflows.services.subjects import NUMBER
from workflows.services.successors import Bond, Successors, opening_later, successor_of
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

_WORKER = Platform("worker")
_MARK = "@corrected"
"""Behind the path of a field: what the successor says in its place, kept with the first case."""


class Corrections(Successors):
    """Open the successor by which an office corrects a closed case."""

    def correct(
        self, case: CaseId, *, reason: str, raw: Mapping[str, object], by: Officer, key: str | None = None
    ) -> CaseId:
        """Correct a closed case: ``raw`` are inputs by path where they differ; return the case that follows.

        Raises:
            InvalidFields: what is corrected is not acceptable, or makes something necessary that nobody gave.
            TransitionRefused: ``case.not-permitted``, ``case.not-closed``, ``case.corrected-already``.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        changes = self._changes(stored, raw)
        successor, now = successor_of(case, Bond.CORRECTION), self._desk.clock.now()
        order = Order(
            by=by,
            request=request_key(by, key, body=["correct", dict(raw), reason]),
            notes={path + _MARK: Stored(value, CORRECTED, now, is_verified=True) for path, value in changes.items()},
            also=opening_later(case, Bond.CORRECTION, kind="correct"),
        )
        self._carry_out(case, lambda locked: OpenCorrection(successor, reason), order=order)
        self.open_correction(case)
        return successor

    def open_correction(self, case: CaseId) -> None:
        """Open the case that corrects another and hand it in, unless it is; called again by the outbox."""
        first = self._find(case, sight=visible_to(_WORKER))
        if first is None or first.state.correction is None:
            return
        successor = first.state.correction
        self._open_once(self._new_case(first, successor))
        paths = correctable(first.definition, files=True)
        self._copy_files(first, successor, paths=dict(zip(paths, paths, strict=True)))
        stored = self._find(successor, sight=visible_to(_WORKER))
        if stored is not None and stored.state.status is Status.DRAFT:
            self._carry_out(successor, lambda locked: Submit(), order=Order(by=_WORKER))

    def _new_case(self, first: StoredCase, successor: CaseId) -> NewCase:
        definition = first.definition
        notes = {"answers": dict(answers_of(first)), "pages": [page.id for page in definition.pages]}
        licence = first.values.get(LICENCE)
        return NewCase(
            case=successor,
            definition=definition,
            by=applicant_of(first),
            actor=_WORKER,
            is_extra=True,
            corrects=first.id,
            about=None if licence is None else LicenceId(UUID(str(licence))),
            values=_held(first),
            columns={"draft": orjson.dumps(notes).decode()},
        )

    def _changes(self, stored: StoredCase, raw: Mapping[str, object]) -> dict[str, object]:
        """Return what differs from what the case holds.

        Raises:
            InvalidFields: with every fault, and what the corrected form asks for as well.
        """
        inputs = Inputs(stored.definition)
        inputs.take(raw, allowed=correctable(stored.definition, files=False))
        changes = {path: value for path, value in inputs.settle().items() if value != stored.values.get(path)}
        values = {**stored.values, **changes}
        today = self._desk.calendar.local_date(self._desk.clock.now())
        form = Form.of(stored.definition, values, answers=answers_of(stored), today=today)
        if missing := form.missing():
            raise InvalidFields([ValueRefused(Fault.MISSING, field=path) for path in missing])
        return changes


def correctable(definition: Definition, *, files: bool) -> tuple[str, ...]:
    """Return the paths of the application, in the order of the item: its fields, or with ``files`` its uploads."""
    asked = plan_of(definition).asked
    found = tuple(path for path in definition.fields if path in asked and is_file(definition, path) == files)
    return (*found, *(f"{MATERIALS}.{one.id}" for one in definition.materials)) if files else found


def _held(first: StoredCase) -> dict[str, Stored]:
    """Return what the application held, with where it came from, and what is corrected; uploads are copied."""
    papers, at = first.definition.papers, first.row.begun_at
    found = {}
    for path in correctable(first.definition, files=False):
        one = first.values.stored(path + _MARK) or first.values.stored(path)
        if one is not None and one.value is not None:
            found[path] = one
    beside = (*map(promised_path, papers.promisable), *map(deferred_path, papers.deferrable), NUMBER)
    known = {path: first.values.get(path) for path in beside}
    return found | {path: Stored(value, "platform", at) for path, value in known.items() if value is not None}
