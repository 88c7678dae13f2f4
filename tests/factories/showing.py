"""Doubles of the services with which people show and copy licences, and what they answer."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from PIL import Image

from gov_portal.kernel.errors import DomainError
from gov_portal.licences.domain import LicenceStatus
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
