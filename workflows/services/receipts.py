"""Number an application when it is received, and note whose posts watch over it."""

from datetime import date, datetime

from workflows.domain.definition import Definition
from workflows.services.desk import Desk, Offices
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import post_name

_CHECKED = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 letters and digits that are not mistaken for each other; 31 is prime, so that swaps and single slips show."""


def receipt_columns(desk: Desk, offices: Offices, *, stored: StoredCase, at: datetime) -> dict[str, object]:
    """Return what the case row learns when the application is received: number, region, overseers, moment."""
    region = region_of(stored) or desk.region
    on = desk.calendar.local_date(at)
    return {
        "case_number": case_number(region, on, serial=stored.row.serial),
        "region": region,
        "overseers": overseers(stored, offices),
        "submitted_at": at,
    }


def case_number(region: str, on: date, *, serial: int) -> str:
    """Return 办件编号: region, day, serial number and a check character, such as ``470101-20260302-0000123-K``."""
    body = f"{region}-{on:%Y%m%d}-{serial:07d}"
    return f"{body}-{check_character(body)}"


def check_character(body: str) -> str:
    """Return the check character of the digits: their sum, weighted by 2, 4, 8 …, modulo 31."""
    digits = [int(letter) for letter in body if letter.isdigit()]
    total = sum(digit * pow(2, place, 31) for place, digit in enumerate(reversed(digits), start=1))
    return _CHECKED[total % len(_CHECKED)]


def overseers(stored: StoredCase, offices: Offices) -> list[str]:
    """Return the posts that may act on the case at any time, as ``visibility`` spells them."""
    definition = stored.definition
    posts = set()
    for name in _steering_roles(definition):
        role = definition.roles.get(name)
        if role is None:
            continue
        near = stored.values.get(role.near) if role.near else None
        office = offices.nearest(role.org, None if near is None else str(near))
        if office is not None:
            posts.add(post_name(office.org, office.region, role=name, rank=role.rank))
    return sorted(posts)


def _steering_roles(definition: Definition) -> set[str]:
    anytime = definition.anytime
    roles = set(anytime.hand_over)
    if anytime.suspend is not None:
        roles.update(anytime.suspend.by)
    if anytime.extend is not None:
        roles.add(anytime.extend.by)
    if anytime.correct is not None:
        roles.update(anytime.correct.by)
    return roles


def region_of(stored: StoredCase) -> str | None:
    """Return the division that a case belongs to, as far as its values tell."""
    found = (stored.values.get(path) for path in stored.definition.places)
    return next((str(value) for value in found if value is not None), None)
