"""Whatever breaks at whichever statement of a step, the case is as before or as after it, and is moved once in the end.

Each scene is carried out again and again by a process whose line to PostgreSQL breaks before one statement later each
time; then by another process with the same key. As long as nothing lasts, after a statement is before the next one: so
the line breaks after a statement, ``UNHEARD`` and with the process ``DEAD``, wherever one has made a change last.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database, TransactionFailed
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.kernel.ledger import verify
from gov_portal.licences.kinds import KindBook
from gov_portal.licences.ports import Outside
from gov_portal.licences.services import LicenceService
from gov_portal.wiring.to_licences import CaseLicences
from gov_portal.workers.tasks import deliver
from gov_portal.workers.work import Work
from tests.factories.cutting import Ending, Line
from tests.factories.town import ADULT, Town
from workflows.domain.commands import ActOn
from workflows.services.cases import CaseService
from workflows.services.effects import TOPICS, EffectService
from workflows.services.register import CaseRegister

ITEM = Path(__file__).parents[2] / "chaos" / "items" / "plain.yaml"
PLAIN = ItemId("chaos.plain")
SITE = {"site.project": "P-1", "site.area": "100", "delivery.way": "post", "delivery.address": "样例路一号"}
FILING = ItemId("development.investment-filing")
PROJECT = {
    "project.name": "样例项目",
    "project.sort": "manufacture",
    "project.region": "470101",
    "project.site": "工业路一号",
    "project.total": "3000",
    "project.begins": "2026-05-01",
    "project.needs_approval": "false",
}
COMPANY = {"name": "东样区启航精密零件有限公司", "credit_code": "G14701010000030174"}
BREAKS = (psycopg.Error, SQLAlchemyError, TransactionFailed)

Trace = dict[str, list[tuple[object, ...]]]
Expected = tuple[Trace, Trace, Trace]
"""What is there before a scene and after it, and what it has brought about."""

TRACES = {
    "case": "SELECT status, phase, outcome, rev, head_seq, state::text, officers, length(requests)"
    " FROM workflows_cases WHERE id = %s",
    "tasks": "SELECT key, officer, due_at FROM workflows_tasks WHERE case_id = %s ORDER BY key",
    "timers": "SELECT key, due_at FROM workflows_timers WHERE case_id = %s ORDER BY key",
    "data": "SELECT field_group FROM workflows_case_data WHERE case_id = %s ORDER BY field_group",
    "licences": "SELECT step, visit, kind FROM workflows_licences WHERE case_id = %s ORDER BY step, visit",
    "documents": "SELECT name, step, visit FROM workflows_documents WHERE case_id = %s ORDER BY name",
    "events": "SELECT seq, kind FROM kernel_ledger WHERE stream = 'case:' || %s::text ORDER BY seq",
    "effects": "SELECT topic, payload ->> 'step' FROM kernel_outbox WHERE starts_with(key, 'case:' || %s::text)"
    " ORDER BY 1, 2",
    "files": "SELECT media_type FROM kernel_files WHERE owner = 'case:' || %s::text",
}
"""Every row of a case, without what differs from case to case."""

OUTSIDE = {
    "licences": "SELECT count(*) FROM licences_licences WHERE case_id = %s",
    "acts": "SELECT l.kind FROM kernel_ledger l JOIN licences_licences k ON l.stream = 'licence:' || k.id"
    " WHERE k.case_id = %s",
    "pushes": "SELECT o.topic FROM kernel_outbox o JOIN licences_licences k ON o.key LIKE 'licence:' || k.id || ':%%'"
    " WHERE k.case_id = %s",
}
"""What a case has brought about beside itself."""


class PlainPress:
    """Set a card and seal it without a typesetter: only the rows matter here."""

    def make(self, card, *, at: datetime) -> bytes:
        return b"%PDF-1.4\n%" + card.identifier.encode() + b"\n%%EOF\n"

    def seal(self, pdf: bytes, *, authority: str, claims=None) -> bytes:
        return pdf


@dataclass(frozen=True)
class Scene:
    """Say what is there before, and what a process then does; done twice, it must have been done once."""

    prepare: Callable[[Town], CaseId]
    act: Callable[[Town, CaseId], None]


class Break(NamedTuple):
    """Name where and how a scene breaks."""

    scene: str
    ending: Ending
    at: int


@dataclass
class Country:
    """Hold the town as others see it, and build its services again for each process."""

    town: Town
    url: str
    secrets: Path
    files: Path

    def services(self, db: Database) -> Town:
        """Return the services of a process of its own."""
        town, keys = self.town, KeyStore(db, FileKms(self.secrets))
        store, press = FileStore(db, keys, root=self.files), PlainPress()
        outside = Outside(
            kinds=KindBook.default(), cards=press, seals=press, seal_marks=None, registers=None, base_url="http://x"
        )
        licences = LicenceService(db, keys=keys, files=store, clock=town.clock, outside=outside)
        ports = replace(town.desk.ports, licences=CaseLicences(licences, register=CaseRegister(db)))
        desk = replace(town.desk, db=db, keys=keys, files=store, ports=ports)
        return replace(town, db=db, desk=desk, cases=CaseService(desk), effects=EffectService(desk))

    @contextmanager
    def process(self, scene: Scene, case: CaseId, *, at: int, ending: Ending) -> Iterator[Line]:
        """Let a process act whose line breaks; it is looked at while it is broken or, where it was killed, stands."""
        with Line(self.url, at=at, ending=ending) as line, Database(line.url) as db:
            faults: list[Exception] = []
            thread = Thread(target=self._run, args=(scene, case, db, faults))
            thread.start()
            while thread.is_alive() and not (ending is Ending.DEAD and line.is_broken.is_set()):
                thread.join(0.002)
            yield line
            line.close()
            thread.join()
        assert [fault for fault in faults if not isinstance(fault, BREAKS)] == []

    def _run(self, scene: Scene, case: CaseId, db: Database, faults: list[Exception]) -> None:
        try:
            scene.act(self.services(db), case)
        except Exception as fault:  # noqa: BLE001 - told to whoever waits
            faults.append(fault)

    def unbroken(self, scene: Scene) -> Expected:
        """Return what there is before and after the scene where nothing breaks, and what it has brought about."""
        case = scene.prepare(self.town)
        before = self.trace(case)
        self.again(scene, case)
        return before, self.trace(case), self.outside(case)

    def again(self, scene: Scene, case: CaseId) -> None:
        """Let another process do the same, once what the first one claimed is free again."""
        self.free(case)
        with Database(self.url) as db:
            scene.act(self.services(db), case)

    def outside(self, case: CaseId) -> Trace:
        """Return what a case has brought about, under the keys by which receivers know it again."""
        doubles = self.town.doubles
        asked = {one.idempotency_key for one in doubles.exchange.asked if one.case == case}
        told = {key: code for key, (_, code, _) in doubles.messages.told.items() if str(case) in key}
        found = self.trace(case, OUTSIDE)
        found["asked"] = [(key.replace(str(case), "case"),) for key in sorted(asked)]
        found["told"] = [(code,) for code in sorted(told.values())]
        return found

    def lost_files(self) -> list[object]:
        """Return the files that a row names and the disk does not have."""
        with self.town.db.driver() as driver:
            rows = driver.execute("SELECT id FROM kernel_files").fetchall()
        return [row[0] for row in rows if not (self.files / row[0].hex[:2] / row[0].hex).exists()]

    def free(self, case: CaseId) -> None:
        """End the claims of a process that is gone, as time does."""
        with self.town.db.driver() as driver:
            sql = "UPDATE kernel_outbox SET available_at = now(), claimed_until = NULL WHERE starts_with(key, %s)"
            driver.execute(sql, (f"case:{case}:",))

    def trace(self, case: CaseId, queries: dict[str, str] = TRACES) -> Trace:
        with self.town.db.driver() as driver:
            return {name: driver.execute(sql, (case,)).fetchall() for name, sql in queries.items()}


def begun(town: Town) -> CaseId:
    """Return a draft that can be handed in."""
    case = town.cases.begin(FILING, by=town.citizen, again=True)
    town.cases.save_page(case, page="project", raw=PROJECT, by=town.citizen)
    return case


def filed(town: Town) -> CaseId:
    case = begun(town)
    town.cases.submit(case, by=town.citizen, key="prepared")
    worked_off(town, case, "case.tell")
    return case


def answered(town: Town) -> CaseId:
    """Return a filing whose licence is due."""
    case = filed(town)
    worked_off(town, case, "case.call")
    return case


def applied(town: Town) -> CaseId:
    """Return a case that waits for two departments and an officer side by side."""
    case = town.cases.begin(PLAIN, by=town.citizen, again=True)
    town.cases.save_page(case, page="site", raw=SITE, by=town.citizen)
    town.cases.submit(case, by=town.citizen, key="prepared")
    return case


def overdue(town: Town) -> CaseId:
    """Return a case for whose officer the law speaks by now."""
    town.move("2026-03-02")
    case = applied(town)
    town.move("2026-03-06")
    return case


def refused(town: Town) -> CaseId:
    case = town.submitted(town.newcomer())
    town.act(case, "accept.1", "refuse", by=town.window, reason="不属于职权")
    return case


def worked_off(town: Town, case: CaseId, topic: str) -> None:
    """Deliver what the case asks for under a topic, as a worker does."""
    with town.db.driver() as driver:
        sql = "SELECT id FROM kernel_outbox WHERE topic = %s AND starts_with(key, %s)"
        ids = [row[0] for row in driver.execute(sql, (topic, f"case:{case}:")).fetchall()]
    deliver(
        Work(
            town.db,
            dict.fromkeys(TOPICS, town.effects.deliver),
            fire_due=lambda limit: 0,
            seal=lambda: None,
            sweep=lambda: 0,
            tidy=lambda: None,
        ),
        ids,
    )


def delivering(topic: str) -> Callable[[Town, CaseId], None]:
    return lambda town, case: worked_off(town, case, topic)


def agreeing(town: Town, case: CaseId) -> None:
    builder = town.doubles.officers.posts[-1]
    town.cases.act(case, ActOn(TaskKey("look.1"), "ok"), by=builder, key="agree")


SCENES = {
    "people and the law": {
        "submission": Scene(begun, lambda town, case: town.cases.submit(case, by=town.citizen, key="once")),
        "act": Scene(applied, agreeing),
        "timer": Scene(overdue, lambda town, case: town.cases.fire_due() and None),
    },
    "what departments and people are told": {
        "answer": Scene(filed, delivering("case.call")),
        "message": Scene(applied, delivering("case.tell")),
    },
    "papers": {
        "issuance": Scene(answered, delivering("case.issue")),
        "notice": Scene(refused, delivering("case.notice")),
    },
}


@pytest.fixture
def country(town: Town, secrets_dir: Path, tmp_path: Path) -> Iterator[Country]:
    town.desk.definitions.publish([ITEM])
    town.doubles.officers.add("builder", org="dept.housing", role="checker")
    town.doubles.exchange.records["market.enterprise"] = {ADULT: COMPANY}
    # Each break would be told with its whole way, which takes seconds to write.
    with capture_logs():
        yield Country(town, town.db.url, secrets_dir, tmp_path / "files")


@pytest.mark.parametrize("group", SCENES)
def test_a_step_that_breaks_anywhere_has_happened_or_not_and_is_done_once(country: Country, group: str) -> None:
    for name, scene in SCENES[group].items():
        expected = country.unbroken(scene)
        settled = break_before_each(country, name, scene, expected)
        for ending in (Ending.UNHEARD, Ending.DEAD):
            for at in settled:
                break_after(country, scene, Break(name, ending, at), expected)
    assert country.lost_files() == []
    public_key = Ed25519PrivateKey.generate().public_key()
    assert verify(country.town.db, [CaseRegister.heads], public_key=public_key) == []


def break_before_each(country: Country, name: str, scene: Scene, expected: Expected) -> list[int]:
    """Break before one statement later each time, until nothing breaks; return which ones made a change last.

    A case that is still as before goes through the next break too: in the end it must have been moved once.
    """
    before, after, outside = expected
    case, at = scene.prepare(country.town), 1
    while True:
        break_ = Break(name, Ending.LOST, at)
        country.free(case)
        with country.process(scene, case, at=at, ending=Ending.LOST) as line:
            found = country.trace(case)
        assert found in (before, after), f"torn by {break_}"
        if found == after:
            country.again(scene, case)
            assert country.trace(case) == after, f"not repeated after {break_}"
            assert country.outside(case) == outside, f"done twice up to {break_}"
        if not line.is_broken.is_set():
            assert found == after, f"not done after {break_}"
            assert at > 3, f"{name} has too few statements for a step"
            return line.settled
        if found == after:
            case = scene.prepare(country.town)
            assert country.trace(case) == before
        at += 1


def break_after(country: Country, scene: Scene, break_: Break, expected: Expected) -> None:
    """Break after a statement, and let another process do the same while the first one stands."""
    before, after, outside = expected
    case = scene.prepare(country.town)
    assert country.trace(case) == before
    with country.process(scene, case, at=break_.at, ending=break_.ending) as line:
        assert country.trace(case) in (before, after), f"torn by {break_}"
        country.again(scene, case)
        assert country.trace(case) == after, f"not repeated after {break_}"
        assert country.outside(case) == outside, f"done twice after {break_}"
    assert line.is_broken.is_set(), f"nothing broke at {break_}"
