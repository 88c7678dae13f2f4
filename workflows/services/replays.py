"""Run the closed cases of an item against a draft and say what would differ; nothing is written, no value is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from gov_portal.kernel.cipher import KeyShredded, SealBroken
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Platform
from workflows.domain.definition import Definition
from workflows.dsl.replay import Closed, Event, replay
from workflows.engine.routes import Route
from workflows.sealing import load_value
from workflows.services.desk import Service
from workflows.storage.events import EventPlace, opened_body
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.storage.writing import stream_of

_REPLAYER = Platform("replay")
_CLOSED = """SELECT id FROM workflows_cases WHERE item = %s AND status = 'closed' AND submitted_at IS NOT NULL
    ORDER BY changed_at DESC, id LIMIT %s"""
_EVENTS = "SELECT seq, kind, at, body FROM kernel_ledger WHERE stream = %s ORDER BY seq"


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """Say what would differ in one closed case; ``differences`` name steps, fields, codes and days, never a value."""

    case: CaseId
    case_number: str
    differences: tuple[str, ...]


class Replays(Service):
    """Try a draft on what has happened."""

    def replay(self, draft: Definition, *, most: int) -> Iterator[ReplayReport]:
        """Yield what would differ in the cases of the draft's item that were closed last, the latest first."""
        with self._desk.db.driver() as driver:
            cases = [CaseId(row[0]) for row in driver.execute(_CLOSED, (draft.facts.id, most)).fetchall()]
        for case in cases:
            stored = self._find(case, sight=visible_to(_REPLAYER))
            if stored is None:
                continue
            try:
                closed = Closed(stored.state, dict(stored.values), tuple(self._events(stored)))
            except (KeyShredded, SealBroken):
                yield ReplayReport(case, stored.case_number, ("its data cannot be opened any more",))
                continue
            told = replay(Route(stored.definition, draft), closed, self._desk.calendar)
            yield ReplayReport(case, stored.case_number, told)

    def _events(self, stored: StoredCase) -> Iterator[Event]:
        with self._desk.db.driver() as driver:
            rows = driver.execute(_EVENTS, (stream_of(stored.id),)).fetchall()
        for seq, kind, at, body in rows:
            opened = opened_body(stored.cipher, body, EventPlace(stored.id, seq, at))
            writes = {
                path: load_value(stored.definition, path, value)
                for path, value in opened.writes.items()
                if path.partition("@")[0] in stored.definition.fields
            }
            yield Event(kind, at, opened.happenings, writes)
