"""Doubles of the services with which people show and copy licences, and what they answer."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from PIL import Image

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CopyId, LicenceId
from gov_portal.licences.annotated import CopyView, check_order
from gov_portal.licences.domain import CopyFacts, CopyStatus, LicenceStatus, Verification
from gov_portal.licences.presentation import Presentation, PresentedLicence, ShownOnce


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (240, 307), "#8fa3b8").save(made, "JPEG")
    return made.getvalue()


NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SHOWN_CODE = "AAAAAA" * 8
JPEG = _picture()


def a_presented(status: LicenceStatus = LicenceStatus.VALID, *, checks: int = 1) -> PresentedLicence:
    return PresentedLicence(
        status=status,
        name="残疾人证",
        issuer="样例市东样区残疾人联合会",
        holder="林晓禾",
        number_masked="470101********0124",
        issued_on=date(2026, 3, 20),
        valid_until=date(2036, 3, 19),
        ended_on=None if status is LicenceStatus.VALID else date(2026, 4, 1),
        has_photo=True,
        checked_at=NOW,
        first_checked_at=NOW - timedelta(seconds=12 if checks > 1 else 0),
        checks=checks,
    )


@dataclass
class InMemoryPresentations:
    """Give a new code each time, and answer what `found` says to the code of the stops."""

    found: PresentedLicence = field(default_factory=a_presented)
    once: tuple[ShownOnce, ...] = (
        ShownOnce(made_at=NOW, checked_at=NOW + timedelta(seconds=8), checks=1),
        ShownOnce(made_at=NOW - timedelta(days=3), checked_at=NOW - timedelta(days=3), checks=2),
    )
    refuse: dict[str, DomainError] = field(default_factory=dict)
    given: int = 0

    def present(self, licence, *, by):
        if "present" in self.refuse:
            raise self.refuse["present"]
        self.given += 1
        code = f"{self.given:06}" * 8
        return Presentation(
            code=code,
            url=f"http://127.0.0.1:8000/verify/shown/{code}",
            now=NOW,
            expires_at=NOW + timedelta(seconds=60),
            holder="林晓禾",
            number_masked="470101********0124",
        )

    def check(self, code):
        return self.found if code == SHOWN_CODE else PresentedLicence(status=LicenceStatus.UNKNOWN)

    def photo(self, code):
        return JPEG

    def shown(self, licence, *, by):
        return list(self.once)


COPY = CopyId(UUID("60000000-0000-4000-8000-000000000001"))


def a_copy(**changes: object) -> CopyView:
    values: dict[str, object] = {
        "copy": COPY,
        "licence": LicenceId(UUID(int=7)),
        "purpose": "公共交通优惠登记",
        "recipient": "样例市公共交通公司",
        "status": CopyStatus.VALID,
        "made_on": date(2026, 3, 2),
        "valid_until": date(2026, 6, 30),
        "withdrawn_on": None,
        "verify_code": "K7Q4-M2XP-9TRD",
    }
    return CopyView(**(values | changes))


def a_verified_copy(
    status: LicenceStatus = LicenceStatus.VALID,
    *,
    copy: CopyStatus = CopyStatus.VALID,
    licence: LicenceStatus = LicenceStatus.VALID,
) -> Verification:
    return Verification(
        status=status,
        name="残疾人证",
        issuer="样例市东样区残疾人联合会",
        identifier="1.2.156.3005.2.11100000000000000X001.G1",
        holder_masked="林**",
        issued_on=date(2026, 3, 20),
        valid_until=date(2036, 3, 19),
        ended_on=None if status is LicenceStatus.VALID else date(2026, 4, 1),
        copy=CopyFacts(
            purpose="公共交通优惠登记",
            recipient="样例市公共交通公司",
            made_on=date(2026, 3, 2),
            valid_until=date(2026, 6, 30),
            status=copy,
            licence_status=licence,
        ),
    )


@dataclass
class InMemoryCopies:
    """List what `made` holds; orders are checked as the real service does."""

    made: tuple[CopyView, ...] = (
        a_copy(),
        a_copy(
            copy=CopyId(UUID(int=12)), status=CopyStatus.WITHDRAWN, withdrawn_on=date(2026, 3, 1), purpose="入学报名"
        ),
        a_copy(copy=CopyId(UUID(int=13)), status=CopyStatus.EXPIRED, valid_until=date(2026, 2, 1)),
    )
    refuse: dict[str, DomainError] = field(default_factory=dict)
    ordered: list = field(default_factory=list)
    withdrawn: list = field(default_factory=list)

    def make(self, licence, order, *, by):
        if "make" in self.refuse:
            raise self.refuse["make"]
        terms = check_order(order, today=date(2026, 3, 2), licence_until=date(2036, 3, 19))
        self.ordered.append((order.key, terms))
        return a_copy(licence=licence)

    def of_licence(self, licence, *, by):
        return list(self.made)

    def view(self, licence, copy, *, by):
        return next((one for one in self.made if one.copy == copy), a_copy(copy=copy, licence=licence))

    def pdf(self, licence, copy, *, by):
        return b"%PDF-1.7 copy"

    def withdraw(self, licence, copy, *, by):
        self.withdrawn.append(copy)
