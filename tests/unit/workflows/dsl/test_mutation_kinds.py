"""Each of more than eighty kinds of one-line fault is caught at its line; edits that are no faults are let be.

Here every kind is tried once, in an item that differs from kind to kind; `make test-mutations` tries all places.
"""

from zlib import crc32

import pytest

from tests.unit.workflows.dsl.mutations import HARMLESS, ITEMS, KINDS, Kind, Mutant, missed, mutants
from workflows.dsl.lint import lint_as, lint_file


def one_mutant(kind: Kind) -> tuple[Mutant, int]:
    """Return one place of the kind, the item chosen by its name."""
    start = crc32(kind.name.encode()) % len(ITEMS)
    for number in (*range(start, len(ITEMS)), *range(start)):
        places = list(mutants(kind, ITEMS[number].read_text(encoding="utf-8")))
        if places:
            return places[crc32(kind.find.encode()) % len(places)], number
    raise AssertionError(f"no item has a place for {kind.name}")


def test_there_are_more_than_eighty_kinds_each_named_once() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) > 80


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_fault_of_this_kind_is_caught_at_its_line(kind: Kind) -> None:
    mutant, number = one_mutant(kind)
    assert missed(kind, mutant, ITEMS[number]) is None


@pytest.mark.parametrize("kind", HARMLESS, ids=lambda kind: kind.name)
def test_an_edit_that_is_no_fault_is_let_be(kind: Kind) -> None:
    mutant, number = one_mutant(kind)
    path = ITEMS[number]
    said = lint_as(path, mutant.text).findings
    assert said == lint_file(path).findings
