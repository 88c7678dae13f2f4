"""Closed cases are rated once; a bad rating is answered in time and may be followed by one more."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from tests.factories.town import CARD, Town
from workflows.domain.ratings import RatingForm, RatingLevel, RatingReason
from workflows.services.errors import CaseUnknown
from workflows.services.ratings import (
    AnswerMissing,
    FollowUpAnswered,
    FollowUpUnknown,
    RatingClosed,
    Ratings,
    RatingTextLong,
)
from workflows.views import Card

BAD = RatingForm(RatingLevel.DISSATISFIED, (RatingReason.SPEED, RatingReason.PEOPLE), "等得太久")
GOOD = RatingForm(RatingLevel.SATISFIED)


@pytest.fixture
def ratings(town: Town) -> Ratings:
    return Ratings(town.desk)


def a_closed_case(town: Town, by: Citizen | None = None) -> CaseId:
    case = town.submitted(by)
    town.act(case, "accept.1", "refuse", by=town.window, reason="不符合条件")
    return case


def a_bad_rating(town: Town, ratings: Ratings) -> tuple[CaseId, UUID]:
    case = a_closed_case(town)
    ratings.rate(case, BAD, by=town.citizen, key="one")
    return case, ratings.of_case(case, by=town.citizen).ratings[0].rating


def test_a_case_under_way_is_not_rated(town: Town, ratings: Ratings) -> None:
    case = town.submitted()
    assert not ratings.of_case(case, by=town.citizen).may_rate
    with pytest.raises(RatingClosed):
        ratings.rate(case, GOOD, by=town.citizen, key="one")


def test_a_closed_case_is_rated_once(town: Town, ratings: Ratings) -> None:
    case = a_closed_case(town)
    ratings.rate(case, GOOD, by=town.citizen, key="one")
    ratings.rate(case, GOOD, by=town.citizen, key="one")
    standing = ratings.of_case(case, by=town.citizen)
    assert [one.level for one in standing.ratings] == [RatingLevel.SATISFIED]
    with pytest.raises(RatingClosed):
        ratings.rate(case, BAD, by=town.citizen, key="two")


def test_only_the_applicant_rates_and_reads(town: Town, ratings: Ratings) -> None:
    case = a_closed_case(town)
    with pytest.raises(CaseUnknown):
        ratings.rate(case, GOOD, by=town.stranger, key="one")
    with pytest.raises(CaseUnknown):
        ratings.of_case(case, by=town.stranger)


def test_a_good_rating_asks_nothing_of_the_office(town: Town, ratings: Ratings) -> None:
    ratings.rate(a_closed_case(town), GOOD, by=town.citizen, key="one")
    assert ratings.follow_ups(town.leader) == ()


def test_a_bad_rating_is_due_after_one_and_fifteen_working_days(town: Town, ratings: Ratings) -> None:
    a_bad_rating(town, ratings)
    (row,) = ratings.follow_ups(town.checkers[0])
    # Monday 2 March 2026; 15 working days later is Monday 23 March.
    assert (row.contact_due_on, row.due_on) == (date(2026, 3, 3), date(2026, 3, 23))
    assert (row.text, row.reasons) == ("等得太久", (RatingReason.PEOPLE, RatingReason.SPEED))
    assert (row.card, row.remaining_working_days) == (Card.NONE, 15)


@pytest.mark.parametrize(
    ("on", "card", "is_late"),
    [("2026-03-03", Card.NONE, False), ("2026-03-04", Card.YELLOW, True), ("2026-03-24", Card.RED, True)],
)
def test_the_card_turns_yellow_without_contact_and_red_once_overdue(
    town: Town, ratings: Ratings, on: str, card: Card, is_late: bool
) -> None:
    a_bad_rating(town, ratings)
    town.move(on)
    (row,) = ratings.follow_ups(town.leader)
    assert (row.card, row.is_contact_late) == (card, is_late)
    assert ratings.overdue() == (1 if card is Card.RED else 0)


def test_a_noted_contact_takes_the_yellow_card_away(town: Town, ratings: Ratings) -> None:
    _case, rating = a_bad_rating(town, ratings)
    ratings.contact(rating, by=town.leader)
    town.move("2026-03-04")
    assert ratings.follow_up(rating, by=town.leader).card is Card.NONE


def test_only_the_unit_that_decides_reads_and_answers(town: Town, ratings: Ratings) -> None:
    _case, rating = a_bad_rating(town, ratings)
    assert ratings.follow_ups(town.elsewhere) == ()
    with pytest.raises(FollowUpUnknown):
        ratings.answer(rating, text="已改进", by=town.elsewhere)
    for officer in (town.window, town.assessor):
        with pytest.raises(Forbidden):
            ratings.follow_up(rating, by=officer)


def test_an_answer_is_shown_told_and_lets_the_person_rate_once_more(town: Town, ratings: Ratings) -> None:
    case, rating = a_bad_rating(town, ratings)
    assert not ratings.of_case(case, by=town.citizen).may_rate
    with pytest.raises(AnswerMissing):
        ratings.answer(rating, text=" ", by=town.leader)
    ratings.answer(rating, text="已经调整了窗口人手。", by=town.leader)
    with pytest.raises(FollowUpAnswered):
        ratings.answer(rating, text="再答一次", by=town.leader)
    town.deliver_all()
    assert "rating.answered" in town.doubles.messages.codes
    standing = ratings.of_case(case, by=town.citizen)
    assert (standing.may_rate, standing.is_last, standing.ratings[0].answer) == (True, True, "已经调整了窗口人手。")
    ratings.rate(case, replace(BAD, text="还是不行"), by=town.citizen, key="two")
    assert ratings.follow_ups(town.leader) == ()
    assert not ratings.of_case(case, by=town.citizen).may_rate


def test_nothing_that_was_said_lies_open_in_the_tables(town: Town, ratings: Ratings) -> None:
    case, rating = a_bad_rating(town, ratings)
    ratings.answer(rating, text="已经调整了窗口人手。", by=town.leader)
    with town.db.driver() as driver:
        said = driver.execute(
            "SELECT r::text || f::text FROM workflows_ratings r, workflows_rating_followups f"
        ).fetchall()
    for word in ("等得太久", "窗口人手", str(town.citizen.person)):
        assert all(word not in row[0] for row in said)


def test_a_text_that_is_too_long_is_refused(town: Town, ratings: Ratings) -> None:
    with pytest.raises(RatingTextLong):
        ratings.rate(a_closed_case(town), replace(BAD, text="长" * 1001), by=town.citizen, key="one")


def test_figures_of_fewer_than_five_are_kept_back(town: Town, ratings: Ratings) -> None:
    for number in range(4):
        person = town.newcomer()
        ratings.rate(a_closed_case(town, person), GOOD, by=person, key="one")
        assert [(one.total, one.counts) for one in ratings.figures()] == [(number + 1, None)]
    assert ratings.of_item(CARD).rating is None
    person = town.newcomer()
    ratings.rate(a_closed_case(town, person), BAD, by=person, key="one")
    (figure,) = ratings.figures()
    assert figure.counts is not None
    assert (figure.total, figure.counts[RatingLevel.SATISFIED], figure.average) == (5, 4, 3.6)
    assert ratings.of_item(CARD).closed == 5


def test_the_last_rating_of_a_case_counts(town: Town, ratings: Ratings) -> None:
    case, rating = a_bad_rating(town, ratings)
    ratings.answer(rating, text="已改进。", by=town.leader)
    ratings.rate(case, GOOD, by=town.citizen, key="two")
    (figure,) = ratings.figures()
    assert figure.total == 1
