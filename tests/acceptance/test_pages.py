"""Everybody can use every page: what a machine can check of WCAG 2.2 AA holds, and so does what is measured."""

import pytest
from playwright.sync_api import Request

from tests.acceptance.measuring import wrong_loads, wrong_measures
from tests.acceptance.screens import LOOKS, Look, Screens, faults, look_again
from tests.acceptance.stops import every_stop

pytestmark = pytest.mark.browser

STOPS = every_stop()
WATCHED = ("home", "form", "progress", "wallet", "queue")
"""What people see most: looked at in every form on every run."""
REST = tuple(name for name in STOPS if name not in WATCHED)
NOT_FOR_PEOPLE = {"gallery"}
"""Shows every component with its source: for developers, and heavier than any page may be."""
# Over all stops every form has its turn; coprime steps, so that neighbours differ in display, width and colours.
ONE_LOOK = {name: LOOKS[index * 5 % len(LOOKS)] for index, name in enumerate(STOPS)}


def wrong_in(screens: Screens, name: str, *, looks: tuple[Look, ...]) -> dict[str, list[str]]:
    found = {}
    for is_large in sorted({look.is_large for look in looks}):
        with screens.context(STOPS[name], is_large=is_large) as context:
            page, asked = context.new_page(), list[Request]()
            page.on("request", lambda request, asked=asked: asked.append(request))
            screens.open(page, STOPS[name])
            loads = wrong_loads(page, asked, is_for_people=name not in NOT_FOR_PEOPLE)
            for look in (look for look in looks if look.is_large == is_large):
                look_again(page, look)
                found[str(look)] = [*loads, *faults(page), *wrong_measures(page, is_large=is_large)]
    return {look: wrong for look, wrong in found.items() if wrong}


@pytest.mark.parametrize("name", REST)
def test_everybody_can_use_a_page(screens: Screens, name: str) -> None:
    assert wrong_in(screens, name, looks=(ONE_LOOK[name],)) == {}


@pytest.mark.parametrize("name", WATCHED)
def test_everybody_can_use_a_page_that_everybody_sees_in_every_form(screens: Screens, name: str) -> None:
    assert wrong_in(screens, name, looks=LOOKS) == {}


@pytest.mark.matrix
@pytest.mark.parametrize("name", REST)
def test_everybody_can_use_every_other_page_in_every_form(screens: Screens, name: str) -> None:
    assert wrong_in(screens, name, looks=LOOKS) == {}
