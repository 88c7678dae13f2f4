"""Everybody can use every page: what a machine can check of WCAG 2.2 AA holds, and so does what is measured."""

from itertools import groupby

import pytest

from tests.acceptance.browsers import keep_picture
from tests.acceptance.measuring import wrong_loads, wrong_measures
from tests.acceptance.screens import LOOKS, OF_COLOURS, Look, Screens, faults, look_again
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
    """Return what is wrong in each form; the contrast of the frame, the same on all pages, is seen on the watched."""
    stop, is_for_people = STOPS[name], name not in NOT_FOR_PEOPLE
    found, contrast_of = {}, "main *" if len(looks) == 1 else "*"
    for is_large, alike in groupby(looks, key=lambda look: look.is_large):
        first, *others = alike
        page = screens.visit(stop, first)
        keep_picture(page, name.replace(" ", "-"))
        loads = wrong_loads(page, screens.asked, is_for_people=is_for_people, is_full=stop.is_full)
        for look in (first, *others):
            if look != first:
                look_again(page, look)
            rules = () if look.colours == first.colours else OF_COLOURS
            wrong = faults(page, rules=rules, contrast_of=contrast_of)
            found[str(look)] = [*loads, *wrong, *wrong_measures(page, is_large=is_large)]
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
