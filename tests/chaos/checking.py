"""Hold every case of a run against the interpreter, its clients, the departments and the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.ledger import FileAnchor, FileSigner, verify
from gov_portal.kernel.principal import Platform as PlatformItself
from gov_portal.sandbox.store import Store
from gov_portal.wiring.platform import ANCHOR_FILE
from tests.chaos.clients import PAPER, PLAIN, Book, Matter
from tests.chaos.dossiers import write_dossier
from tests.chaos.reference import Told
from tests.chaos.stage import Stage
from workflows.services.desk import Service
from workflows.services.register import CaseRegister
from workflows.storage.lists import Event, opened, papers_of
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

_SIGHT = visible_to(PlatformItself("chaos"))
_ONCE_TOLD = ("case.received", "case.closed")

_COUNTS = {
    "licences": "SELECT case_id::text, count(*) FROM licences_licences GROUP BY 1",
    "orders": "SELECT case_id::text, count(*) FROM payments_orders WHERE state = 'paid' GROUP BY 1",
    "known licences": "SELECT case_id::text, count(*) FROM workflows_licences WHERE revoked_at IS NULL GROUP BY 1",
}
_MESSAGES = "SELECT case_id::text || ' ' || code, count(*) FROM messaging_messages WHERE case_id IS NOT NULL GROUP BY 1"
_CASES = "SELECT id::text FROM workflows_cases WHERE item = ANY(%s)"
_TASKS = "SELECT case_id::text, count(*) FROM workflows_tasks GROUP BY 1"
_FILES = "SELECT id FROM kernel_files"


class Reader(Service):
    """Read cases as they are stored."""

    def read(self, case: str) -> tuple[StoredCase, list[Event]] | None:
        """Return a case with all of its events, opened."""
        stored = self._find(CaseId(UUID(case)), sight=_SIGHT)
        if stored is None:
            return None
        with self._desk.db.driver() as driver:
            papers = papers_of(driver, stored)
        return stored, opened(stored, papers.events)


@dataclass
class Outside:
    """Hold what the departments took, by case and kind of effect, and what lies in tables beside the cases."""

    pushes: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    cards: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    messages: Counter[str] = field(default_factory=Counter)
    strays: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, stage: Stage) -> "Outside":
        found = cls()
        for department in ("housing", "post", "cdpf"):
            for taken in Store(stage.instance.home.departments / department).received():
                found.note(taken.resource, taken.idempotency_key)
        with stage.platform.base.db.driver() as driver:
            for name, sql in _COUNTS.items():
                found.counts[name] = Counter(dict(driver.execute(sql).fetchall()))
            found.messages = Counter(dict(driver.execute(_MESSAGES).fetchall()))
        return found

    def note(self, resource: str, key: str) -> None:
        """Count one thing that a department took; its key says of which case, step and visit it is."""
        case, *rest = key.split(":")
        if resource == "cdpf.register":
            self.cards[key] += 1
        elif len(rest) >= 2 and rest[1].isdecimal():
            self.pushes[case, resource].append(int(rest[1]))
        else:
            self.strays.append(f"a department took {resource} under the unknown key {key}")


def check(stage: Stage, book: Book) -> Iterator[str]:
    """Yield everything that is not as it must be; nothing where all is well."""
    outside, reader = Outside.of(stage), Reader(stage.platform.casework.cases._desk)
    yield from book.faults
    yield from book.refusals
    yield from outside.strays
    yield from _known_cases(stage, book)
    licences = 0
    for matter in book.matters:
        if not matter.case:
            continue
        found = reader.read(matter.case)
        if found is None:
            yield f"{_name(matter)}: lost"
            continue
        told = Told(found[0].definition)
        told.take(found[1])
        licences += sum(step == "issue" for step, _ in told.made)
        if findings := list(found_in(matter, told, outside)):
            yield from (f"{_name(matter)}: {finding}" for finding in findings)
            yield f"{_name(matter)}: look at {write_dossier(stage, matter, found, findings)}"
    if len(outside.cards) != licences or set(outside.cards.values()) - {1}:
        yield f"the register of cards took {len(outside.cards)} of {licences} licences"
    yield from _ledger(stage)
    yield from _files(stage)


def _name(matter: Matter) -> str:
    return f"case {matter.number} ({matter.case})"


def found_in(matter: Matter, told: Told, outside: Outside) -> Iterator[str]:
    """Yield what is not as it must be with one case."""
    yield from _of_case(matter, told)
    yield from _of_effects(matter, told, outside)


def _of_case(matter: Matter, told: Told) -> Iterator[str]:
    """Hold a case's story against the interpreter and against what its people asked for."""
    yield from told.findings
    if not told.outcome:
        refused = [f"{one.act} {one.step}" for one in matter.asked if not one.is_taken]
        yield f"still open at {sorted(told.flow.open())}, refused was {refused}"
    taken = Counter((one.step, one.act) for one in matter.asked if one.is_taken)
    done = Counter(told.commands)
    for (step, act), count in (taken - done).items():
        yield f"{act} {step} was acknowledged {count} more times than it happened"
    for (step, act), count in (done - taken).items():
        yield f"{act} {step} happened {count} more times than it was acknowledged"


def _of_effects(matter: Matter, told: Told, outside: Outside) -> Iterator[str]:
    """Hold what departments took, and what was issued, paid and told, against the story."""
    for resource, step, visits in (
        ("housing.project", "code", sorted(told.made)),
        ("housing.release", "code", sorted(told.undone)),
        ("post.shipment", "deliver", sorted(told.made)),
    ):
        expected = [visit for name, visit in visits if name == step]
        taken = sorted(outside.pushes[matter.case, resource])
        if resource == "housing.project":
            expected = sorted({*expected, *(visit for name, visit in told.undone if name == step)})
        if taken != expected:
            yield f"{resource} was taken for visits {taken}, expected {expected}"
    for name, step in (("licences", "issue"), ("known licences", "issue"), ("orders", "fee")):
        expected_count = sum(one == step for one, _ in told.made)
        if (count := outside.counts[name][matter.case]) != expected_count:
            yield f"{name}: {count}, expected {expected_count}"
    for code in _ONCE_TOLD:
        if (count := outside.messages[f"{matter.case} {code}"]) != 1:
            yield f"{code} was told {count} times"


def _known_cases(stage: Stage, book: Book) -> Iterator[str]:
    """Find cases that nobody asked for, and cases that nothing will ever move."""
    with stage.platform.base.db.driver() as driver:
        stored = {row[0] for row in driver.execute(_CASES, ([PLAIN, PAPER],)).fetchall()}
    for case in sorted(stored - set(book.of_case)):
        yield f"case {case}: an orphan that no client knows of"
    for finding in stage.platform.casework.cases.sweep():
        if str(finding.case) in book.of_case:
            yield f"{_name(book.of_case[str(finding.case)])}: the sweep finds it {finding.kind}"


def _ledger(stage: Stage) -> Iterator[str]:
    platform = stage.platform
    platform.work().seal()
    secrets = platform.base.settings.secrets_dir
    anchor, public_key = FileAnchor(secrets / ANCHOR_FILE), FileSigner(secrets).public_key
    for finding in verify(platform.base.db, [CaseRegister.heads], public_key=public_key, anchor=anchor):
        yield f"the ledger: {finding}"


def _files(stage: Stage) -> Iterator[str]:
    """Find files that a row names and the disk does not have."""
    root = stage.platform.base.settings.files_dir
    with stage.platform.base.db.driver() as driver:
        names = [row[0].hex for row in driver.execute(_FILES).fetchall()]
    yield from (f"file {name}: its content is lost" for name in names if not (root / name[:2] / name).exists())
