"""Each officer keeps filters and columns of their own."""

from uuid import uuid4

import pytest

from gov_portal.kernel.ids import OfficerId
from tests.factories.town import Town
from workflows.services.preferences import (
    MOST_FILTERS,
    FilterNameWrong,
    FilterUnknown,
    Preferences,
    TooManyFilters,
)

ME, OTHER = OfficerId(uuid4()), OfficerId(uuid4())


@pytest.fixture
def preferences(town: Town) -> Preferences:
    return Preferences(town.db, town.clock)


def test_a_filter_is_kept_written_over_and_forgotten(preferences: Preferences) -> None:
    preferences.save(ME, name=" 急件 ", query="card=red")
    preferences.save(ME, name="急件", query="card=yellow")
    (saved,) = preferences.filters(ME)
    assert (saved.name, saved.query, saved.is_default) == ("急件", "card=yellow", False)
    assert preferences.filters(OTHER) == ()
    with pytest.raises(FilterUnknown):
        preferences.delete(OTHER, saved.id)
    preferences.delete(ME, saved.id)
    assert preferences.filters(ME) == ()


def test_one_filter_at_most_opens_the_desk(preferences: Preferences) -> None:
    for name in ("a", "b"):
        preferences.save(ME, name=name, query="")
    first, second = preferences.filters(ME)
    preferences.set_default(ME, first.id)
    preferences.set_default(ME, second.id)
    assert [one.is_default for one in preferences.filters(ME)] == [False, True]
    preferences.set_default(ME, None)
    assert [one.is_default for one in preferences.filters(ME)] == [False, False]


@pytest.mark.parametrize("name", ["", "  ", "x" * 31, "a\nb", "\0"])
def test_a_name_must_be_readable(preferences: Preferences, name: str) -> None:
    with pytest.raises(FilterNameWrong):
        preferences.save(ME, name=name, query="")


def test_there_is_an_end_to_filters(preferences: Preferences) -> None:
    for number in range(MOST_FILTERS):
        preferences.save(ME, name=str(number), query="")
    with pytest.raises(TooManyFilters):
        preferences.save(ME, name="more", query="")
    preferences.save(ME, name="0", query="card=red")


def test_columns_are_remembered(preferences: Preferences) -> None:
    assert preferences.columns(ME) == ()
    preferences.choose_columns(ME, ["step"])
    preferences.choose_columns(ME, ["step", "urged"])
    assert preferences.columns(ME) == ("step", "urged")
