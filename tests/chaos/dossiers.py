"""Write down, of each case with a finding, all that is known of it: where whoever looks for the cause begins."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.chaos.clients import Matter
from tests.chaos.stage import Stage
from workflows.storage.lists import Event
from workflows.storage.loading import StoredCase

FOLDER = "findings"
_WAITING = """SELECT topic, key, attempts, failures, claimed_until, available_at, last_error FROM kernel_outbox
    WHERE payload->>'case' = %s ORDER BY id"""


def write_dossier(stage: Stage, matter: Matter, found: tuple[StoredCase, list[Event]], findings: Sequence[str]) -> Path:
    """Write one case's dossier and return where it lies."""
    path = stage.home / FOLDER / f"case-{matter.number}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(_lines(stage, matter, found, findings)) + "\n", "utf-8")
    return path


def _lines(
    stage: Stage, matter: Matter, found: tuple[StoredCase, list[Event]], findings: Sequence[str]
) -> Iterator[str]:
    stored, events = found
    yield f"case {matter.number}, {matter.case}, {matter.item}: {stored.state.status.value}"
    yield from (f"finding: {finding}" for finding in findings)
    yield "what its people asked for, and whether it was taken:"
    yield from (f"  {one.act} {one.step}: {'taken' if one.is_taken else 'refused'}" for one in matter.asked)
    yield "what happened:"
    for event in events:
        yield f"  {event.seq} {event.kind} {event.at.isoformat()} by {event.actor}"
        yield from (f"    {one.kind} {one.step} {one.visit} {dict(one.detail)}" for one in event.happenings)
    yield "what still waits outside:"
    with stage.platform.base.db.driver() as driver:
        yield from (f"  {row}" for row in driver.execute(_WAITING, (matter.case,)).fetchall())
    yield f"logs: grep -r {matter.case} {stage.instance.home.logs} {stage.instance.home.departments}"
