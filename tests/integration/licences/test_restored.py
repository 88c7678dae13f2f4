"""A backup taken as `docs/how-to/back-up-and-restore.md` says is restored into a new server and folder, and goes on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls, EmbeddedPostgres, provision
from gov_portal.documents.cards import Cards
from gov_portal.kernel import ledger, outbox
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.ledger import FileAnchor, FileSigner
from gov_portal.kernel.partitions import maintain
from gov_portal.kernel.schema import migrate
from gov_portal.licences.domain import LicenceStatus
from tests.factories.town import Town, build_town
from tests.integration.kernel.ledger.conftest import seal
from tests.integration.licences.conftest import Desk, build_desk
from workflows.definitions import Definitions
from workflows.services.cases import CaseService
from workflows.services.effects import EffectService
from workflows.services.register import CaseRegister


class Copy(EmbeddedPostgres):
    """A server that begins with a base backup of another."""

    def take(self, other: EmbeddedPostgres) -> None:
        self.data.mkdir(parents=True, mode=0o700)
        self._hand_over(self.data)
        # The socket of an embedded server lies in its data folder: its lock is no part of a backup.
        self._tool("pg_basebackup", "--wal-method=stream", "--checkpoint=fast", "-d", other.url())
        (self.data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


@dataclass
class Place:
    """Database, files and keys of one installation."""

    server: EmbeddedPostgres
    urls: DatabaseUrls
    db: Database
    keys: KeyStore
    files: FileStore
    secrets: Path
    folder: Path

    def seal(self) -> None:
        seal(self.db, FileSigner(self.secrets), anchor=FileAnchor(self.secrets / "ledger.anchor"))

    def faults_of_ledger(self) -> list[ledger.Finding]:
        signer, anchor = FileSigner(self.secrets), FileAnchor(self.secrets / "ledger.anchor")
        return ledger.verify(self.db, [CaseRegister.heads], public_key=signer.public_key, anchor=anchor)


@contextmanager
def installation(folder: Path) -> Iterator[Place]:
    """Start an installation on whatever lies in its folder."""
    with EmbeddedPostgres(folder / "pg") as server:
        urls = provision(server.url())
        with Database(urls.app) as database:
            secrets, root = folder / "secrets", folder / "files"
            keys = KeyStore(database, FileKms(secrets))
            yield Place(server, urls, database, keys, FileStore(database, keys, root=root), secrets, folder)


def new_installation(folder: Path) -> None:
    FileKms.create(folder / "secrets")
    FileSigner.create(folder / "secrets")
    with EmbeddedPostgres(folder / "pg") as server:
        urls = provision(server.url())
        migrate(urls.owner, APP_ROLE)
        maintain(urls.owner, from_month=date(2026, 3, 1))


def back_up(place: Place, target: Path) -> None:
    """Do what the page says: keys and anchor, then the database, then the files."""
    shutil.copytree(place.secrets, target / "secrets")
    Copy(target / "pg").take(place.server)
    shutil.copytree(place.folder / "files", target / "files")


def moved(town: Town, place: Place) -> Town:
    """Return the same people and officers around the services of another installation."""
    desk = replace(
        town.desk,
        db=place.db,
        keys=place.keys,
        files=place.files,
        definitions=Definitions(place.db, clock=town.clock),
    )
    return replace(town, db=place.db, desk=desk, cases=CaseService(desk), effects=EffectService(desk))


def finish(town: Town, case: CaseId) -> None:
    town.deliver_all()
    town.assess(case)
    town.move("2026-03-11")
    town.cases.fire_due()
    town.vote(case, "ok", "ok")
    town.deliver_all()
    town.act(case, "approve.1", "ok", by=town.leader)
    town.deliver_all()


def test_a_restored_installation_goes_on_where_the_backup_was_taken(tmp_path: Path, cards: Cards) -> None:
    new_installation(tmp_path / "old")
    with installation(tmp_path / "old") as old:
        town = build_town(old.db, old.keys, old.files)
        offices = build_desk(old.db, old.keys, old.files, cards=cards, secrets=old.secrets)
        licence = offices.service.issue(offices.order())
        for message in [outbox.claim(old.db, one) for one in outbox.due(old.db, 10)]:
            assert message is not None
            offices.service.deliver(message)
        case = town.accepted()
        old.seal()
        back_up(old, tmp_path / "new")
        town.submitted(town.newcomer())
    shutil.rmtree(tmp_path / "old")
    with installation(tmp_path / "new") as new:
        assert not new.keys.is_foreign()
        assert [fault for _, fault in new.files.faults(whole=True) if fault] == []
        assert new.faults_of_ledger() == []
        town = moved(town, new)
        finish(town, case)
        view = town.cases.view(case, by=town.citizen)
        assert view.licence is not None
        (picture,) = [FileId(UUID(str(one.value))) for one in view.fields if one.path == "applicant.photo"]
        assert town.cases.file(case, picture, by=town.citizen)[0] == "image/png"
        assert_licence_holds(new, cards, licence.verify_code)
        new.seal()
        assert new.faults_of_ledger() == []


def assert_licence_holds(place: Place, cards: Cards, code: str) -> None:
    desk: Desk = build_desk(place.db, place.keys, place.files, cards=cards, secrets=place.secrets)
    assert desk.service.verify(code).status is LicenceStatus.VALID


def test_files_that_did_not_come_with_the_database_are_named(
    database: Database, files: FileStore, keys: KeyStore, tmp_path: Path
) -> None:
    with database.begin() as uow:
        key = keys.create(uow)
        papers = [b"%PDF-1.7 " + b"x" * size + b"%%EOF" for size in (10, 20, 30, 40)]
        put = partial(files.put, uow, claimed_type="application/pdf", key=key, owner="case:1")
        kept = [put(paper) for paper in papers]
    paths = {path.name: path for path in (tmp_path / "files").rglob("*") if path.is_file()}
    missing, short, changed, _ = (paths[one.id.hex] for one in kept)
    missing.unlink()
    short.write_bytes(short.read_bytes()[:5])
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")
    found = {file.id: fault for file, fault in files.faults(whole=True)}
    assert [found[one.id] for one in kept] == ["missing", "short", "changed", ""]
    assert [fault for _, fault in files.faults()].count("changed") == 0
