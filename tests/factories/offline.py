"""Issue licences and lists without a database, and compose the page that verifies them without a network."""

import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from PIL import Image

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.cards import Cards
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.tokens import Tokens
from gov_portal.documents.typesetting import Typesetter
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.licences.claims import Statement, copy_claims, open_claims, status_list_url
from gov_portal.licences.domain import CardSheet
from gov_portal.licences.listing import AUTHORITY
from gov_portal.licences.sd_jwt import conceal, join
from gov_portal.licences.status_lists import BITS, Listed, packed
from gov_portal.web.base.services import services
from gov_portal.web.verify.offline import composed
from tests.factories.pages import an_app, the_app

T = TypeVar("T")

BASE = "https://portal.example.test"
ISSUER = "东样区残疾人联合会"
VALUES = {"name": "样小禾", "grade": "g2", "birth": "1980-05-01", "guardian": None}
VALID, REVOKED, SUPERSEDED = 3, 70_001, 1_000_000
"""Places in the list, and what it says of them."""

TODAY = datetime.now(SHANGHAI).date()
"""As who verifies a licence reckons."""

NEXT_YEAR = TODAY + timedelta(days=365)


def apart(work: Callable[[], T]) -> T:
    """Work in a thread of its own: pyHanko starts an event loop, and the browser's driver has one running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@dataclass
class Issuing:
    """Issue as the platform does, each licence at a place of the list that says how it stands."""

    authority: SealAuthority
    fonts: Path = Path(os.environ.get("GOV_FONTS_DIR", ".cache/fonts"))

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.authority)
        self.sealer = Sealer(self.authority)

    def claims(self, place: int = VALID, *, since: date = TODAY, until: date | None = NEXT_YEAR) -> dict[str, object]:
        return open_claims(self.statement(place, since=since, until=until), base_url=BASE)

    def copied(self, place: int = VALID, *, until: date = TODAY) -> dict[str, object]:
        """Return what the seal of an annotated copy claims."""
        statement = self.statement(place, since=TODAY - timedelta(days=9), until=NEXT_YEAR)
        return copy_claims(statement, made_on=TODAY - timedelta(days=9), valid_until=until, base_url=BASE)

    def statement(self, place: int, *, since: date, until: date | None) -> Statement:
        return Statement(
            kind="disability-card",
            name="残疾人证",
            identifier="1.2.156.3005.2.G14700000000000191001.G8470101000000027R.202600000001.001.X",
            number="202600000001",
            issuer=ISSUER,
            issued_on=since,
            valid_until=until,
            status_index=place,
        )

    def card(self) -> bytes:
        picture = io.BytesIO()
        Image.new("RGB", (300, 400), "#88aacc").save(picture, "JPEG")
        sheet = CardSheet(
            title="残疾人证",
            number="202600000001",
            identifier="1.2.156.3005.2",
            authority=ISSUER,
            facts=[("姓名", "样小禾")],
            photo=picture.getvalue(),
            verify_code="K7Q4-M2XP-9TRD",
            verify_url=f"{BASE}/verify/K7Q4M2XP9TRD",
        )
        return Cards(Typesetter(self.fonts), is_sample=True).make(sheet, at=datetime.now(UTC).replace(microsecond=0))

    def pdf(self, card: bytes, claims: dict[str, object] | None) -> bytes:
        return apart(lambda: self.sealer.seal(card, authority=ISSUER, claims=claims))

    def sd_jwt(self, claims: dict[str, object], *disclose: str, authority: str = ISSUER) -> str:
        concealed, disclosures = conceal(VALUES)
        signed = {**claims, "values": concealed, "_sd_alg": "sha-256"}
        token = self.tokens.sign(signed, typ="dc+sd-jwt", authority=authority)
        return join(token, [disclosures[name] for name in disclose])

    def status_list(self, *, age: timedelta = timedelta(), by: str = AUTHORITY, number: int = 0, more: int = 0) -> str:
        built_at = datetime.now(UTC) - age
        ended = {REVOKED: Listed.REVOKED, SUPERSEDED: Listed.SUPERSEDED} | ({more: Listed.REVOKED} if more else {})
        claims = {
            "sub": status_list_url(BASE, number),
            "iat": int(built_at.timestamp()),
            "exp": int((built_at + timedelta(days=7)).timestamp()),
            "ttl": 300,
            "status_list": {"bits": BITS, "lst": packed(ended.items())},
        }
        return self.tokens.sign(claims, typ="statuslist+jwt", authority=by)

    def page(self, *lists: str) -> str:
        """Return the page with these lists in it."""
        app = an_app(app=the_app()).app
        with app.test_request_context():
            services().machine_forms.root_pem = self.tokens.root_pem
            services().status_lists.token = lambda number: (lists[number], datetime.now(UTC))
            services().status_lists.newest = lambda: len(lists) - 1
            return composed()
