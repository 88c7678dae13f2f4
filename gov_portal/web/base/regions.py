"""Know where (行政区划) a reader applies: as the address says, else as chosen before, else as their account says."""

from dataclasses import dataclass

from flask import after_this_request, request

from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.principal import Citizen
from gov_portal.web.base.access import principal
from gov_portal.web.base.choices import keep_choice
from gov_portal.web.base.english import english
from gov_portal.web.base.language import CHINESE, language
from gov_portal.web.base.programs import is_program
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from workflows.definitions import around

REGION = "region"
"""Parameter of an address that names a division."""
REGION_COOKIE = "gov_region"


class RegionUnknown(Invalid):
    """Refuse what is no division of the table."""

    code = "region.unknown"


@dataclass(frozen=True, slots=True)
class Choice:
    """Offer one division; ``is_said`` where the reader's language has a name for it."""

    code: str
    name: str
    is_said: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Say for where a page speaks.

    Attributes:
        region: division whose version of the item is shown; empty for everywhere.
        asked: the division that the address names, to be carried on.
        choices: between what one may choose; none where the item is the same everywhere.
        chosen: which of them stands for the region.
    """

    region: str
    asked: str | None
    choices: tuple[Choice, ...]
    chosen: Choice | None


def place_of(item: ItemId) -> Place:
    """Return for where a page about an item speaks to its reader.

    Raises:
        RegionUnknown: the address names no division.
    """
    region, offered = region_here(item), _choices(item)
    around_it = [one for code in around(region) for one in offered if one.code == code]
    return Place(region, asked_region(), offered, next(iter(around_it or offered), None))


def region_here(item: ItemId | None = None) -> str:
    """Return the division whose version of an item, or of all, the reader gets: the chosen one, else their account's.

    It is empty, for everywhere, where neither is known.

    Raises:
        RegionUnknown: the address names no division.
    """
    chosen, who = chosen_region(), principal()
    if chosen is not None:
        return chosen
    return services().cases.home_region(item, by=who) if isinstance(who, Citizen) else ""


def chosen_region() -> str | None:
    """Return the division that the reader chose, here or before; a program says it each time.

    Raises:
        RegionUnknown: the address names no division.
    """
    asked = asked_region()
    remembered = "" if is_program() else request.cookies.get(REGION_COOKIE, "")
    return asked or (remembered if remembered in Divisions.default().by_code else None)


def asked_region() -> str | None:
    """Return the division that the address names, ``None`` where it names none.

    Raises:
        RegionUnknown: it names something else.
    """
    given = request.args.get(REGION)
    return known_region(given) if given else None


def known_region(code: str) -> str:
    """Return the code of a division of the table.

    Raises:
        RegionUnknown: there is no such division.
    """
    if code not in Divisions.default().by_code:
        raise RegionUnknown(field=REGION)
    return code


def keep_asked_region() -> None:
    """Remember in the browser the division that the address names."""
    asked = asked_region()
    if asked is not None:
        after_this_request(lambda response: keep_choice(response, REGION_COOKIE, asked))


def _choices(item: ItemId) -> tuple[Choice, ...]:
    """Return the provinces with versions of their own within them, their cities, and whatever else has a version."""
    divisions, own = Divisions.default(), services().cases.regions(item)
    provinces = {f"{code[:2]}0000" for code in own}
    cities = {city.code for province in provinces for city in divisions.children(province)}
    codes = sorted({*provinces, *cities, *own} & divisions.by_code.keys())
    return tuple(_choice(code, is_whole=code in provinces) for code in codes)


def _choice(code: str, *, is_whole: bool) -> Choice:
    name = Divisions.default().by_code[code].name
    is_said = language() == CHINESE or name in english()
    return Choice(code, _("{place}（全省通用）", place=_(name)) if is_whole else _(name), is_said)
