"""The whole sandbox province in this process: every real service over a real database, departments on threads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from gov_portal.app import web_services
from gov_portal.cli.embedded import DatabaseUrls
from gov_portal.cli.instance import FONTS
from gov_portal.cli.seeding import prepare
from gov_portal.exchange.adapters.assertion import PUBLIC_NAME, ClientKey
from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import FileKms
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.sandbox.departments import DEPARTMENTS
from gov_portal.sandbox.people import load_people
from gov_portal.sandbox.server import DepartmentServer
from gov_portal.sandbox.store import Store
from gov_portal.settings import Settings
from gov_portal.web.fronts import register
from gov_portal.wiring.platform import Platform, build
from identity.domain.assurance import Factor
from identity.domain.values import Client, SessionToken, Unit
from identity.services.foundation import Foundation
from identity.services.officers import Officers
from identity.services.people import People
from identity.services.sessions import Sessions
from identity.services.systems import NewSystem
from tests.factories.town import photo
from workflows.domain.commands import ActOn

CARD = ItemId("cdpf.disability-card.first")
BOTH = frozenset({Factor.PASSWORD, Factor.CODE})
HERE = Client("127.0.0.1", "test")
DISTRICT = "470101"
SOON_S = 0.05
"""How soon a department that is to end notices it."""


@dataclass
class Province:
    """Hold the app with its services, and open sessions at will."""

    app: Flask
    platform: Platform
    base: Foundation
    cases: list[CaseId] = field(default_factory=list)

    def citizen(self, handle: str = "adult") -> tuple[SessionToken, Citizen]:
        """Open a session of one of the made-up people."""
        person = People(self.base).by_id_no(load_people().person(handle).id_no)
        assert person is not None
        with self.base.db.begin() as uow:
            token = Sessions(self.base).open_for_person(uow, person, factors=BOTH, client=HERE)
        who = self.platform.identity.session(token)
        assert isinstance(who, Citizen)
        return token, who

    def officer(self, org: str, role: str, *, region: str = DISTRICT) -> tuple[SessionToken, Officer]:
        """Open a session of an officer in a post."""
        unit = Officers(self.base).nearest(org, region)
        assert unit is not None
        officer = Officers(self.base).eligible(unit, role=role)[0]
        with self.base.db.begin() as uow:
            token = Sessions(self.base).open_for_officer(
                uow, officer, unit=(unit.org, unit.region), factors=BOTH, client=HERE
            )
        who = self.platform.identity.session(token)
        assert isinstance(who, Officer)
        return token, who

    def system(self, org: str, role: str, *, region: str = DISTRICT) -> str:
        """Let a department's system in and return its key."""
        unit = Officers(self.base).nearest(org, region) or Unit(org, region, "")
        return self.platform.identity.systems.create(NewSystem("test system", unit, (role,))).secret

    def draft(self, by: Citizen) -> CaseId:
        """Fill a draft completely, but for the submission."""
        cases = self.platform.casework.cases
        case = cases.begin(CARD, by=by, again=True)
        file = cases.attach(case, "applicant.photo", photo(), claimed_type="image/png", by=by)
        basic = {
            "applicant.photo": str(file),
            "claim.kind": "hearing",
            "claim.cause": "noise at work",
            "claim.homebound": "false",
        }
        cases.save_page(case, page="basic", raw=basic, by=by)
        cases.save_page(case, page="delivery", raw={"delivery.way": "pickup"}, by=by)
        self.cases.append(case)
        return case

    def submitted(self, by: Citizen) -> CaseId:
        """Hand an application in."""
        case = self.draft(by)
        self.platform.casework.cases.submit(case, by=by, insist=True)
        return case

    def accepted(self, by: Citizen) -> CaseId:
        """Bring an application to the assessment."""
        case = self.submitted(by)
        _, window = self.officer("dept.subdistrict", "window")
        self.platform.casework.cases.act(case, ActOn(TaskKey("accept.1"), "ok", {}, ""), by=window)
        self.deliver_all()
        return case

    def deliver_all(self) -> None:
        """Deliver what is in the outbox until nothing is left that goes at once."""
        work = self.platform.work()
        for _ in range(100):
            with self.platform.base.db.driver() as driver:
                driver.execute("UPDATE kernel_outbox SET available_at = now(), nudge_at = now() WHERE attempts < 2")
            ids = outbox.due(self.platform.base.db, 100)
            if not ids:
                return
            for one in ids:
                message = outbox.claim(self.platform.base.db, one)
                if message is not None and message.topic in work.handlers:
                    work.handlers[message.topic](message)


@contextmanager
def province(urls: DatabaseUrls, folder: Path) -> Iterator[Province]:
    """Build the province in a folder of its own and end its departments afterwards."""
    secrets, files = folder / "secrets", folder / "files"
    FileKms.create(secrets)
    ClientKey.at(secrets)
    files.mkdir()
    servers = {
        name: DepartmentServer(name, store=Store(folder / name), trust=secrets / PUBLIC_NAME).listen(0)
        for name in DEPARTMENTS
    }
    threads = [
        threading.Thread(target=server.serve_forever, args=(SOON_S,), daemon=True) for server in servers.values()
    ]
    for thread in threads:
        thread.start()
    settings = Settings(
        database_url=urls.app,
        database_owner_url=urls.owner,
        secrets_dir=secrets,
        files_dir=files,
        is_clock_simulated=True,
        is_sandbox=True,
        departments={name: f"http://127.0.0.1:{server.server_port}" for name, server in servers.items()},
        log_level="error",
        fonts_dir=FONTS,
        undo_s=8,
    )
    try:
        prepare(settings)
        platform = build(settings)
        app = Flask("gov_portal.web", static_folder=None)
        app.secret_key = "only for tests"
        register(app, web_services(platform))
        yield Province(app, platform, Foundation(platform.base.db, platform.base.keys, platform.base.clock))
        platform.base.db.dispose()
        platform.exchange._connector.close()
        platform.monitor.close()
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
