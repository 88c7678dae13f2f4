"""Officers keep notes on what is in order and what is wanting, sealed, one sheet for each visit."""

import pytest

from gov_portal.kernel.ids import TaskKey
from tests.factories.town import Town
from workflows.domain.checks import Check, Verdict, WantingReason
from workflows.services.checks import CheckBook, WordsMissing, WordsTooLong
from workflows.services.errors import CaseUnknown, FieldNotAsked

FIRST = TaskKey("accept.1")
PASSED = Check(Verdict.PASSED)
BLURRED = Check(Verdict.WANTING, WantingReason.UNREADABLE, "lower right corner")
CAUSE, PHOTO = "claim.cause", "applicant.photo"


@pytest.fixture
def book(town: Town) -> CheckBook:
    return CheckBook(town.desk)


def test_notes_are_kept_in_the_order_of_the_item(town: Town, book: CheckBook) -> None:
    work = town.cases.work(town.submitted(), FIRST, by=town.window)
    assert book.checks(work, by=town.window).notes == {}
    book.keep(work, {CAUSE: PASSED, PHOTO: BLURRED}, by=town.window)
    found = book.checks(work, by=town.window)
    assert list(found.notes.items()) == [(PHOTO, BLURRED), (CAUSE, PASSED)]
    assert found.wanting == (PHOTO,)
    book.keep(work, {CAUSE: PASSED}, by=town.window)
    assert book.checks(work, by=town.window).notes == {CAUSE: PASSED}


def test_the_next_visit_begins_anew_and_shows_what_was_wanting(town: Town, book: CheckBook) -> None:
    case = town.submitted()
    book.keep(town.cases.work(case, FIRST, by=town.window), {CAUSE: BLURRED}, by=town.window)
    town.supplement(case, CAUSE)
    town.cases.return_supplement(case, task=TaskKey("accept.1.s"), raw={CAUSE: "a fall at work"}, by=town.citizen)
    again = book.checks(town.cases.work(case, TaskKey("accept.2"), by=town.window), by=town.window)
    assert (again.notes, again.earlier) == ({}, {CAUSE: BLURRED})


def test_what_a_department_vouches_for_is_not_open_to_a_note(town: Town, book: CheckBook) -> None:
    work = town.cases.work(town.submitted(), FIRST, by=town.window)
    for target in ("applicant.name", "applicant.birth", "nonsense"):
        with pytest.raises(FieldNotAsked):
            book.keep(work, {target: BLURRED}, by=town.window)


@pytest.mark.parametrize(
    ("note", "error"),
    [
        (Check(Verdict.WANTING), WordsMissing),
        (Check(Verdict.WANTING, words="  "), WordsMissing),
        (Check(Verdict.WANTING, WantingReason.EXPIRED, "x" * 301), WordsTooLong),
    ],
    ids=["nothing said", "blank", "too long"],
)
def test_what_is_wanting_must_be_said(town: Town, book: CheckBook, note: Check, error: type[Exception]) -> None:
    work = town.cases.work(town.submitted(), FIRST, by=town.window)
    with pytest.raises(error):
        book.keep(work, {CAUSE: note}, by=town.window)


def test_notes_lie_sealed_and_others_do_not_reach_them(town: Town, book: CheckBook) -> None:
    work = town.cases.work(town.submitted(), FIRST, by=town.window)
    book.keep(work, {CAUSE: BLURRED}, by=town.window)
    with town.db.driver() as driver:
        (sealed,) = driver.execute("SELECT sealed FROM workflows_checks").fetchone()
    assert b"corner" not in sealed
    with pytest.raises(CaseUnknown):
        book.checks(work, by=town.elsewhere)
    with pytest.raises(CaseUnknown):
        book.keep(work, {}, by=town.elsewhere)
