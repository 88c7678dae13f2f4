"""Phrases are an officer's own, or a unit's that its leader keeps."""

from uuid import uuid4

import pytest

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.errors import Forbidden
from tests.factories.town import Town
from workflows.services.snippets import MOST, Snippets, SnippetUnknown, SnippetWrong, TooManySnippets


@pytest.fixture
def snippets(town: Town, keys: KeyStore) -> Snippets:
    return Snippets(town.db, keys=keys, clock=town.clock)


def test_phrases_are_ones_own_and_those_of_the_unit(town: Town, snippets: Snippets) -> None:
    checker, colleague = town.checkers[:2]
    snippets.add("for the unit", by=town.leader, is_units=True)
    snippets.add(" mine ", by=checker)
    found = snippets.snippets(checker)
    assert [(one.text, one.is_units, one.may_delete) for one in found] == [
        ("mine", False, True),
        ("for the unit", True, False),
    ]
    assert [one.text for one in snippets.snippets(colleague)] == ["for the unit"]
    assert snippets.snippets(town.elsewhere) == ()
    assert snippets.snippets(town.window) == ()


def test_only_whose_they_are_deletes_them(town: Town, snippets: Snippets) -> None:
    snippets.add("for the unit", by=town.leader, is_units=True)
    snippets.add("mine", by=town.checkers[0])
    own, units = snippets.snippets(town.checkers[0])
    for one, by in ((own, town.leader), (units, town.checkers[0]), (units, town.elsewhere)):
        with pytest.raises(SnippetUnknown):
            snippets.delete(one.id, by=by)
    with pytest.raises(SnippetUnknown):
        snippets.delete(uuid4(), by=town.leader)
    snippets.delete(own.id, by=town.checkers[0])
    snippets.delete(units.id, by=town.leader)
    assert snippets.snippets(town.checkers[0]) == ()


@pytest.mark.parametrize("text", ["", "  ", "x" * 301, "x\0"])
def test_what_is_no_phrase_is_refused(town: Town, snippets: Snippets, text: str) -> None:
    with pytest.raises(SnippetWrong):
        snippets.add(text, by=town.window)


def test_who_does_not_lead_keeps_none_for_the_unit(town: Town, snippets: Snippets) -> None:
    with pytest.raises(Forbidden):
        snippets.add("x", by=town.checkers[0], is_units=True)


def test_phrases_are_few_and_sealed(town: Town, snippets: Snippets) -> None:
    for number in range(MOST):
        snippets.add(f"a telling phrase {number}", by=town.window)
    with pytest.raises(TooManySnippets):
        snippets.add("one more", by=town.window)
    with town.db.driver() as driver:
        rows = driver.execute("SELECT sealed FROM workflows_snippets").fetchall()
    assert not any(b"telling" in sealed for (sealed,) in rows)
