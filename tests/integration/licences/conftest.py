import io
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.cards import Cards
from gov_portal.documents.seal_marks import SealReader
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.tokens import Tokens
from gov_portal.documents.typesetting import Typesetter
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.files import FileStore
from gov_portal.kernel.ids import CaseId, FileId, KeyId, PersonId
from gov_portal.kernel.types import Value
from gov_portal.licences.copies import Copies
from gov_portal.licences.domain import IssueOrder, Registration
from gov_portal.licences.kinds import KindBook
from gov_portal.licences.listing import StatusLists
from gov_portal.licences.machine_forms import MachineForms
from gov_portal.licences.making import Press
from gov_portal.licences.ports import Outside, RegisterUnavailable
from gov_portal.licences.presenting import Clocks, Presentations
from gov_portal.licences.services import LicenceService

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class InMemoryRegisters:
    """A register that remembers what it was told, once per idempotency key."""

    is_down: bool = False
    told: dict[str, Registration] = field(default_factory=dict)

    def push(self, registration: Registration) -> None:
        if self.is_down:
            raise RegisterUnavailable
        self.told.setdefault(registration.idempotency_key, registration)


@dataclass
class Desk:
    """The licence service with everything around it, and short ways to order; two clocks, as in the house."""

    db: Database
    keys: KeyStore
    files: FileStore
    clock: FixedClock
    registers: InMemoryRegisters
    service: LicenceService
    key: KeyId
    holder: PersonId
    photo: FileId
    marks: SealReader
    security_clock: FixedClock
    presentations: Presentations
    copies: Copies
    tokens: Tokens
    forms: MachineForms
    lists: StatusLists
    authority: SealAuthority

    def values(self, **changes: Value) -> tuple[Value, ...]:
        usual: dict[str, Value] = {
            "name": "样小禾",
            "id_no": "470101198005010028",
            "photo": str(self.photo),
            "guardian": "",
            "kind": "hearing",
            "grade": "g2",
        }
        return tuple({**usual, **changes}.values())

    def order(self, key: str = "case-1:issue:1", **changes: Value) -> IssueOrder:
        return IssueOrder(
            kind="disability-card",
            seal="dept.cdpf",
            region="470101",
            case=CaseId(uuid4()),
            case_number="470101-20260302-0000123-K",
            holder=self.holder,
            key=self.key,
            given=self.values(**changes),
            idempotency_key=key,
        )


@pytest.fixture(scope="session")
def cards() -> Cards:
    folder = Path(os.environ.get("GOV_FONTS_DIR", ROOT / ".cache" / "fonts"))
    if not any(folder.glob("*.ttc")):
        pytest.fail(f"no fonts in {folder}: run make setup, or deploy/fonts.sh {folder}")
    return Cards(Typesetter(folder), is_sample=True)


@pytest.fixture
def desk(database: Database, keys: KeyStore, files: FileStore, cards: Cards, tmp_path: Path) -> Desk:
    return build_desk(database, keys, files, cards=cards, secrets=tmp_path)


def build_desk(database: Database, keys: KeyStore, files: FileStore, *, cards: Cards, secrets: Path) -> Desk:
    picture = io.BytesIO()
    Image.new("RGB", (300, 400), "#88aacc").save(picture, "JPEG")
    with database.begin() as uow:
        key = keys.create(uow)
        photo = files.put(uow, picture.getvalue(), claimed_type="image/jpeg", key=key, owner="case:1")
    clock, registers = FixedClock(datetime.fromisoformat("2026-04-01T10:00+08:00")), InMemoryRegisters()
    authority = SealAuthority(secrets)
    marks = SealReader(authority)
    outside = Outside(
        kinds=KindBook.default(),
        cards=cards,
        seals=Sealer(authority),
        seal_marks=marks,
        registers=registers,
        base_url="http://127.0.0.1:8000",
    )
    service = LicenceService(database, keys=keys, files=files, clock=clock, outside=outside)
    press = Press(database, keys=keys, files=files, outside=outside)
    security_clock = FixedClock(datetime.fromisoformat("2026-11-27T14:00:00+08:00"))
    tokens = Tokens(authority)
    clocks = Clocks(business=clock, security=security_clock)
    return Desk(
        db=database,
        keys=keys,
        files=files,
        clock=clock,
        registers=registers,
        service=service,
        key=key,
        holder=PersonId(uuid4()),
        photo=photo.id,
        marks=marks,
        security_clock=security_clock,
        presentations=Presentations(database, keys=keys, files=files, clocks=clocks, outside=outside),
        copies=Copies(database, keys=keys, files=files, clock=clock, outside=outside),
        tokens=tokens,
        authority=authority,
        forms=MachineForms(database, licences=service, press=press, outside=outside, tokens=tokens),
        lists=StatusLists(database, tokens=tokens, base_url=outside.base_url, clock=security_clock),
    )
