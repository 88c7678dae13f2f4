"""No page breaks a rule of WCAG 2.2 AA that a machine can check, on any screen and in any display."""

import pytest

from tests.acceptance.screens import LOOKS, Look, Screens, faults, look_again
from tests.acceptance.stops import every_stop

pytestmark = pytest.mark.browser

STOPS = every_stop()
WATCHED = ("home", "form", "progress", "wallet", "queue")
"""What people see most: looked at in every form on every run."""
REST = tuple(name for name in STOPS if name not in WATCHED)
# Over all stops every form has its turn.
ONE_LOOK = {name: LOOKS[index % len(LOOKS)] for index, name in enumerate(STOPS)}


def wrong_in(screens: Screens, name: str, *, looks: tuple[Look, ...]) -> dict[str, list[str]]:
    found = {}
    for is_large in (False, True):
        shown = [look for look in looks if look.is_large == is_large]
        if not shown:
            continue
        with screens.at(STOPS[name], is_large=is_large) as page:
            for look in shown:
                look_again(page, look)
                found[str(look)] = faults(page)
    return {look: wrong for look, wrong in found.items() if wrong}


@pytest.mark.parametrize("name", REST)
def test_a_page_can_be_used_by_everybody(screens: Screens, name: str) -> None:
    assert wrong_in(screens, name, looks=(ONE_LOOK[name],)) == {}


@pytest.mark.parametrize("name", [name for name in WATCHED if name in STOPS])
def test_a_page_that_everybody_sees_can_be_used_in_every_form(screens: Screens, name: str) -> None:
    assert wrong_in(screens, name, looks=LOOKS) == {}


@pytest.mark.matrix
@pytest.mark.parametrize("name", REST)
def test_every_other_page_can_be_used_in_every_form(screens: Screens, name: str) -> None:
    assert wrong_in(screens, name, looks=LOOKS) == {}
