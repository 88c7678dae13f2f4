"""Keep an officer's working notes on an application (核对): what is in order, what is wanting and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Officer
from workflows.domain.checks import Check, Verdict, WantingReason, left_out, wanting
from workflows.domain.commands import Mark
from workflows.services.desk import Service
from workflows.services.errors import CaseUnknown, FieldNotAsked
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.views import ActView, WorkView

LONGEST_WORDS = 300

_READ = "SELECT task, sealed FROM workflows_checks WHERE case_id = %s AND task = ANY(%s)"
_KEEP = """INSERT INTO workflows_checks (case_id, task, officer, sealed, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (case_id, task) DO UPDATE SET officer = excluded.officer, sealed = excluded.sealed, at = excluded.at"""


class WordsMissing(Invalid):
    """Refuse a note without the officer's own words where the reason is none of the common ones."""

    code = "desk.check-words"


class WordsTooLong(Invalid):
    """Refuse more words than a notice has room for."""

    code = "desk.check-words-long"


class CheckWarning(Invalid):
    """Warn that the officer's own notes speak against an act; sent again on purpose, it is carried out."""

    def __init__(self, targets: tuple[str, ...]) -> None:
        """Name what was noted as wanting."""
        super().__init__(field="insist", targets=targets)
        self.targets = targets


class ChecksContradicted(CheckWarning):
    """Warn that an act lets pass what the officer noted as wanting."""

    code = "desk.checks-contradicted"


class ChecksLeftOut(CheckWarning):
    """Warn that a notice leaves out what the officer noted as wanting, for which there may be no second notice."""

    code = "desk.checks-left-out"


@dataclass(frozen=True, slots=True)
class Checks:
    """Hold the notes of one visit, by target, in the order of the item; ``earlier`` are those of the visit before."""

    notes: Mapping[str, Check] = field(default_factory=dict)
    earlier: Mapping[str, Check] = field(default_factory=dict)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Return the targets that are wanting."""
        return wanting(self.notes)


class CheckBook(Service):
    """Read and write the notes; the applicant sees nothing of them before a notice says it."""

    def checks(self, work: WorkView, *, by: Officer) -> Checks:
        """Return the notes on the task that an officer was shown, and those of the visit before it.

        Raises:
            CaseUnknown: the officer may not see the case.
        """
        stored = self._seen(work.case_id, by=by)
        before = _visit_before(work.task)
        with self._desk.db.driver() as driver:
            rows = driver.execute(_READ, (stored.id, [work.task, *([before] if before else [])])).fetchall()
        found = {task: _opened(stored, task, sealed) for task, sealed in rows}
        order = [target for target, _ in work.markable]
        return Checks(_in_order(found.get(work.task, {}), order), _in_order(found.get(before, {}), order))

    def keep(self, work: WorkView, notes: Mapping[str, Check], *, by: Officer) -> None:
        """Keep the notes on a task in the place of the earlier ones.

        Raises:
            CaseUnknown: the officer may not see the case.
            FieldNotAsked: a target that no supplement may open.
            WordsMissing, WordsTooLong: what is wanting is not said, or at too great length.
        """
        stored = self._seen(work.case_id, by=by)
        known = {target for target, _ in work.markable}
        for target, note in notes.items():
            if target not in known:
                raise FieldNotAsked(field=target)
            _must_be_said(target, note)
        content = {target: [note.verdict, note.reason, note.words] for target, note in notes.items()}
        sealed = stored.cipher.seal(orjson.dumps(content), _place(stored, work.task))
        with self._desk.db.driver() as driver:
            driver.execute(_KEEP, (stored.id, work.task, by.officer, sealed, self._desk.clock.now()))

    def _seen(self, case: CaseId, *, by: Officer) -> StoredCase:
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        return stored


def contradiction(act: ActView, checks: Checks, *, marks: tuple[Mark, ...]) -> CheckWarning | None:
    """Return what speaks against an act in the officer's own notes, ``None`` where nothing does.

    A notice must name everything that is wanting at once; what goes on should leave nothing wanting behind. Whoever
    sends back or denies contradicts no note.
    """
    if act.asks_marks:
        missing = left_out(checks.notes, marked=[mark.target for mark in marks])
        return ChecksLeftOut(missing) if missing else None
    if act.returns_to or act.needs_reason or not checks.wanting:
        return None
    return ChecksContradicted(checks.wanting)


def _must_be_said(target: str, note: Check) -> None:
    if not note.is_wanting:
        return
    if note.reason is WantingReason.OTHER and not note.words.strip():
        raise WordsMissing(field=target)
    if len(note.words) > LONGEST_WORDS:
        raise WordsTooLong(field=target, longest=LONGEST_WORDS)


def _visit_before(task: TaskKey) -> TaskKey | None:
    """Return the task of the same step at the visit before, such as ``accept.1`` for ``accept.2``."""
    step, _dot, visit = task.partition(".")
    return TaskKey(f"{step}.{int(visit) - 1}") if visit.isdigit() and int(visit) > 1 else None


def _place(stored: StoredCase, task: str) -> bytes:
    return f"workflows.checks:{stored.id}:{task}".encode()


def _opened(stored: StoredCase, task: str, sealed: bytes) -> dict[str, Check]:
    content = orjson.loads(stored.cipher.open(sealed, _place(stored, task)))
    return {
        target: Check(Verdict(verdict), WantingReason(reason), words)
        for target, (verdict, reason, words) in content.items()
    }


def _in_order(notes: Mapping[str, Check], order: list[str]) -> dict[str, Check]:
    """Return the notes in the order of the item; a target that may not be marked any more is left out."""
    return {target: notes[target] for target in order if target in notes}
