"""A small town with people, officers and departments, and the real services over a real database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.kernel.working_days import Calendar
from tests.factories.ports import Doubles, InMemoryPeople
from workflows.definitions import Definitions
from workflows.domain.commands import ActOn, Mark
from workflows.services.cases import CaseService
from workflows.services.desk import Desk
from workflows.services.effects import EffectService

ITEMS = Path(__file__).parents[2] / "workflows" / "items"
CARD = ItemId("cdpf.disability-card.first")
REVIEW = ItemId("admin-review")
MORNING = datetime.fromisoformat("2026-03-02T09:00+08:00")
CALENDAR = Calendar.official()
ADULT = "47010119800501001X"
OTHER = "470101199002020022"
MINOR = "470101201503010033"
PUBLISHED = {
    "workflows_definitions": ("hash, item, version, source, file, drafted_at, drafted_by", "true"),
    "workflows_releases": ("item, region, hash, effective_at, released_at, released_by", "true"),
    "kernel_ledger_heads": ("stream, seq, hash, opened_on", "starts_with(stream, 'item:')"),
    "kernel_ledger": ("stream, seq, opened_on, kind, at, actor, body, prev, hash", "starts_with(stream, 'item:')"),
}
"""Where a publication leaves rows, and which."""
_rows: dict[str, bytes] = {}


def photo() -> bytes:
    content = BytesIO()
    Image.new("RGB", (30, 40), "white").save(content, "PNG")
    return content.getvalue()


@dataclass
class Town:
    """Everything that a test of the services needs."""

    db: Database
    clock: FixedClock
    doubles: Doubles
    desk: Desk
    cases: CaseService
    effects: EffectService
    citizen: Citizen
    stranger: Citizen
    window: Officer
    assessor: Officer
    checkers: tuple[Officer, ...]
    leader: Officer
    elsewhere: Officer

    def newcomer(self) -> Citizen:
        """Add one more adult whom the police know."""
        number = f"47010119790501{len(self.doubles.people.known):04d}"
        record = {"name": "新人", "id_no": number, "birth": "1979-05-01", "sex": "female", "region": "470101"}
        self.doubles.exchange.records["police.person"][number] = record
        return self.doubles.people.add("新人", id_no=number)

    def holder(self, case: CaseId, task: str) -> Officer:
        """Return the officer who has a task."""
        with self.db.driver() as driver:
            sql = "SELECT officer FROM workflows_tasks WHERE case_id = %s AND key = %s"
            row = driver.execute(sql, (case, task)).fetchone()
        return next(one for one in self.doubles.officers.posts if one.officer == row[0])

    def move(self, at: str) -> None:
        self.clock.move_to(datetime.fromisoformat(at + "T09:00+08:00"))

    def deliver_all(self) -> int:
        """Deliver what is in the outbox until nothing is available; return how many messages."""
        count = 0
        while True:
            with self.db.driver() as driver:
                driver.execute("UPDATE kernel_outbox SET available_at = now(), nudge_at = now()")
            ids = outbox.due(self.db, 100)
            if not ids:
                return count
            for one in ids:
                message = outbox.claim(self.db, one)
                if message is not None:
                    self.effects.deliver(message)
                    count += 1

    def outbox(self) -> list[tuple[str, Mapping[str, object]]]:
        with self.db.driver() as driver:
            return driver.execute("SELECT topic, payload FROM kernel_outbox ORDER BY id").fetchall()

    def draft(self, by: Citizen | None = None, *, kind: str = "hearing") -> CaseId:
        """Fill a draft completely, but for the submission."""
        citizen = by or self.citizen
        case = self.cases.begin(CARD, by=citizen)
        file = self.cases.attach(case, "applicant.photo", photo(), claimed_type="image/png", by=citizen)
        basic = {
            "applicant.photo": str(file),
            "claim.kind": kind,
            "claim.cause": "noise at work",
            "claim.homebound": "false",
        }
        self.cases.save_page(case, page="basic", raw=basic, by=citizen)
        self.cases.save_page(case, page="delivery", raw={"delivery.way": "pickup"}, by=citizen)
        return case

    def submitted(self, by: Citizen | None = None) -> CaseId:
        case = self.draft(by)
        self.cases.submit(case, by=by or self.citizen)
        return case

    def act(self, case: CaseId, task: str, act: str, *, by: Officer, reason: str = "", **fields: object) -> None:
        raw = {path.replace("__", "."): value for path, value in fields.items()}
        self.cases.act(case, ActOn(TaskKey(task), act, raw, reason), by=by)

    def supplement(self, case: CaseId, *targets: str) -> None:
        marks = tuple(Mark(target, f"unclear {target}") for target in targets)
        self.cases.act(case, ActOn(TaskKey("accept.1"), "supplement", marks=marks), by=self.window)

    def assess(self, case: CaseId, *, visit: int = 1, level: str = "2") -> None:
        path = "assess.report"
        report = self.cases.attach(case, path, photo(), claimed_type="image/png", by=self.assessor)
        fields = {"assess.kind": "hearing", "assess.level": level, "assess.report": str(report)}
        self.cases.act(case, ActOn(TaskKey(f"assess.{visit}"), "done", fields), by=self.assessor)

    def accepted(self) -> CaseId:
        case = self.submitted()
        self.act(case, "accept.1", "ok", by=self.window)
        return case

    def publicised(self) -> CaseId:
        """Return a case whose grade is public and open to objections."""
        case = self.accepted()
        self.deliver_all()
        self.assess(case)
        return case

    def reviewed(self) -> CaseId:
        """Return a case that waits for its leader's decision."""
        case = self.publicised()
        self.move("2026-03-11")
        self.cases.fire_due()
        self.vote(case, "ok", "ok")
        return case

    def vote(self, case: CaseId, *acts: str, visit: int = 1) -> None:
        for number, act in enumerate(acts, start=1):
            key = TaskKey(f"review.{visit}.{number}")
            self.cases.act(case, ActOn(key, act), by=self.holder(case, key))


def publish_shipped(database: Database, definitions: Definitions) -> None:
    """Publish every shipped item; from the second time of a process on only the rows that came of it are written."""
    if not _rows:
        definitions.publish(sorted(path for path in ITEMS.glob("*.yaml") if path.name != "directory.yaml"))
        with database.driver() as driver, driver.cursor() as cursor:
            for table, (columns, which) in PUBLISHED.items():
                with cursor.copy(f"COPY (SELECT {columns} FROM {table} WHERE {which}) TO STDOUT".encode()) as copy:
                    _rows[table] = b"".join(copy)
        return
    with database.begin() as uow, uow.driver.cursor() as cursor:
        if cursor.execute("SELECT FROM workflows_definitions LIMIT 1").fetchone() is not None:
            return
        for table, (columns, _) in PUBLISHED.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                copy.write(_rows[table])


def build_town(database: Database, keys: KeyStore, files: FileStore) -> Town:
    doubles = Doubles(InMemoryPeople(database, keys))
    clock = FixedClock(MORNING)
    definitions = Definitions(database, clock=clock)
    publish_shipped(database, definitions)
    desk = Desk(
        db=database,
        keys=keys,
        files=files,
        clock=clock,
        calendar=CALENDAR,
        definitions=definitions,
        ports=doubles.ports,
        region="470101",
    )
    officers, people = doubles.officers, doubles.people
    citizen = people.add("样例", id_no=ADULT)
    stranger = people.add("旁人", id_no=OTHER)
    for number, name in ((ADULT, "样例"), (OTHER, "旁人"), (MINOR, "小样")):
        birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        record = {"name": name, "id_no": number, "birth": birth, "sex": "male", "region": "470101"}
        doubles.exchange.records.setdefault("police.person", {})[number] = record
    guardian = {"name": "样例", "id_no": ADULT}
    doubles.exchange.records["civil.guardian"] = {MINOR: guardian}
    town = Town(
        db=database,
        clock=clock,
        doubles=doubles,
        desk=desk,
        cases=CaseService(desk),
        effects=EffectService(desk),
        citizen=citizen,
        stranger=stranger,
        window=officers.add("window", org="dept.subdistrict", role="window"),
        assessor=officers.add("assessor", org="dept.health", role="assessor"),
        checkers=tuple(officers.add(f"checker.{number}", org="dept.cdpf", role="checker") for number in (1, 2, 3)),
        leader=officers.add("leader", org="dept.cdpf", role="leader", rank="leader"),
        elsewhere=officers.add("elsewhere", org="dept.cdpf", role="checker", region="470201"),
    )
    officers.add("reviewer", org="dept.justice", role="reviewer")
    officers.add("judge", org="dept.justice", role="leader", rank="leader")
    return town
