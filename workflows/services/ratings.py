"""Take ratings of closed cases (好差评), have bad ones answered in time (回访整改), and count them without names."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyShredded
from gov_portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from gov_portal.kernel.ids import CaseId, ItemId, KeyId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Citizen, Officer
from workflows.domain.ratings import (
    ANSWER_WORKING_DAYS,
    CONTACT_WORKING_DAYS,
    FEWEST_SHOWN,
    MOST_ROUNDS,
    RatingForm,
    RatingLevel,
    RatingReason,
)
from workflows.domain.state import Status
from workflows.services.desk import Service
from workflows.services.errors import CaseUnknown
from workflows.services.receipts import region_of
from workflows.storage import ratings as rows
from workflows.storage.loading import StoredCase
from workflows.storage.ratings import RatingRow
from workflows.storage.visibility import visible_to
from workflows.views import Card

LONGEST_TEXT = 1000
ANSWERED = "rating.answered"
TELL_TOPIC = "case.tell"
ANSWERING_ROLES = frozenset({"checker", "reviewer", "leader"})
_SOON_WORKING_DAYS = 5
_NAMESPACE = UUID("6f6b9a1c-6a06-4a5e-9b7e-0d0f3f1a51a0")


class RatingClosed(Conflict):
    """Answer that the case cannot be rated now: it is not closed, or rated already."""

    code = "rating.closed"


class RatingTextLong(Invalid):
    """Refuse a text above ``maximum`` characters."""

    code = "rating.text-long"


class AnswerMissing(Invalid):
    """Refuse an answer without a text."""

    code = "rating.answer-missing"


class FollowUpUnknown(NotFound):
    """Answer that this unit has no such follow-up."""

    code = "rating.follow-up-unknown"


class FollowUpAnswered(Conflict):
    """Answer that somebody has answered it already."""

    code = "rating.answered"


@dataclass(frozen=True, slots=True)
class RatingView:
    """Show one rating; ``answer`` is what the office found and did, ``due_on`` until when it must say so."""

    rating: UUID
    case: CaseId
    case_number: str
    item: ItemId
    item_name: str
    round: int
    level: RatingLevel
    reasons: tuple[RatingReason, ...]
    at: datetime
    text: str = field(repr=False, default="")
    answer: str = field(repr=False, default="")
    answered_at: datetime | None = None
    contacted_at: datetime | None = None
    contact_due_on: date | None = None
    due_on: date | None = None
    remaining_working_days: int | None = None
    card: Card = Card.NONE
    is_contact_late: bool = False


@dataclass(frozen=True, slots=True)
class CaseRatings:
    """Show to an applicant what was said of a case, and whether they may say more."""

    may_rate: bool
    is_last: bool
    ratings: tuple[RatingView, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingFigure:
    """Count the ratings of one item; ``counts`` is ``None`` where they are too few to be shown."""

    item: ItemId
    item_name: str
    org: str
    total: int
    counts: dict[RatingLevel, int] | None

    @property
    def average(self) -> float | None:
        """Return the average of 1 to 5 stars, ``None`` where it is kept back."""
        if self.counts is None:
            return None
        return sum(level.stars * count for level, count in self.counts.items()) / self.total


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Say how an item goes for people: how many cases closed, after how many days half of them, and their ratings.

    Everything is ``None`` where it is too few to be shown.
    """

    closed: int | None = None
    median_days: int | None = None
    rating: RatingFigure | None = None


class Ratings(Service):
    """Rate, answer and count."""

    def of_case(self, case: CaseId, *, by: Citizen) -> CaseRatings:
        """Show what the applicant has said of a case and what was answered.

        Raises:
            CaseUnknown: no such case for this person.
        """
        stored = self._own(case, by)
        return self._standing(stored)

    def rate(self, case: CaseId, form: RatingForm, *, by: Citizen, key: str) -> None:
        """Keep the rating; a bad one opens a follow-up in the same transaction. A repeated ``key`` changes nothing.

        Raises:
            CaseUnknown: no such case for this person.
            RatingClosed: it is not closed, or has been rated, and no answer invites another rating.
        """
        stored = self._own(case, by)
        text = form.text.strip()
        if len(text) > LONGEST_TEXT:
            raise RatingTextLong(field="text", maximum=LONGEST_TEXT)
        rating = uuid5(_NAMESPACE, f"{case}:{by.person}:{key}")
        standing = self._standing(stored)
        if any(one.rating == rating for one in standing.ratings):
            return
        if not standing.may_rate:
            raise RatingClosed
        self._write(stored, form, text=text, rating=rating, number=len(standing.ratings) + 1)

    def follow_ups(self, by: Officer) -> tuple[RatingView, ...]:
        """List what the officer's unit has to answer, the most urgent first.

        Raises:
            Forbidden: the officer's posts do not answer ratings.
        """
        _need_post(by)
        with self._desk.db.driver() as driver:
            found = rows.open_follow_ups(driver, by)
        return tuple(self._view(row) for row in found)

    def follow_up(self, rating: UUID, *, by: Officer) -> RatingView:
        """Show one follow-up; who rated is not part of it.

        Raises:
            FollowUpUnknown: this unit has no such follow-up.
        """
        return self._view(self._need(rating, by))

    def contact(self, rating: UUID, *, by: Officer) -> None:
        """Note that the office has been in touch (回访).

        Raises:
            FollowUpUnknown: this unit has no such follow-up.
        """
        self._need(rating, by)
        with self._desk.db.begin() as uow:
            rows.note_contact(uow.driver, rating, at=self._desk.clock.now())

    def answer(self, rating: UUID, *, text: str, by: Officer) -> None:
        """Answer a bad rating: what was found and what has changed; the person is told in the same transaction.

        Raises:
            FollowUpUnknown, FollowUpAnswered: this unit has no such follow-up; somebody was faster.
            AnswerMissing, RatingTextLong: the text is empty or too long.
        """
        row, said = self._need(rating, by), text.strip()
        if not said:
            raise AnswerMissing(field="text")
        if len(said) > LONGEST_TEXT:
            raise RatingTextLong(field="text", maximum=LONGEST_TEXT)
        sealed = self._desk.keys.seal(KeyId(row.key), said.encode(), context=_context(rating, "answer"))
        detail = {"code": ANSWERED}
        tell = OutboxMessage(
            TELL_TOPIC, f"rating:{rating}:answered", {"case": str(row.case), "kind": "tell", "detail": detail}
        )
        with self._desk.db.begin() as uow:
            if not rows.write_answer(uow.driver, rating, at=self._desk.clock.now(), by=by, sealed=sealed):
                raise FollowUpAnswered
            outbox.add(uow, tell)

    def figures(self) -> tuple[RatingFigure, ...]:
        """Count the last rating of every case by item; figures of too few are kept back."""
        with self._desk.db.driver() as driver:
            found = rows.figures(driver)
        counts: dict[tuple[str, str], dict[RatingLevel, int]] = defaultdict(lambda: dict.fromkeys(RatingLevel, 0))
        for row in found:
            counts[row.item, row.org][RatingLevel(row.level)] += row.times
        shown = [self._figure(item, org, levels) for (item, org), levels in counts.items()]
        return tuple(sorted(shown, key=lambda one: (one.org, one.item)))

    def of_item(self, item: ItemId) -> ItemFigures:
        """Say how an item goes for people, as far as there are enough of them."""
        with self._desk.db.driver() as driver:
            closed, median = rows.durations(driver, item)
        rating = next((one for one in self.figures() if one.item == item and one.counts is not None), None)
        if closed < FEWEST_SHOWN or median is None:
            return ItemFigures(rating=rating)
        return ItemFigures(closed, max(1, round(median)), rating)

    def overdue(self) -> int:
        """Return how many follow-ups are past their day, for the operators."""
        with self._desk.db.driver() as driver:
            return rows.count_overdue(driver, self._today())

    def _own(self, case: CaseId, by: Citizen) -> StoredCase:
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        return stored

    def _standing(self, stored: StoredCase) -> CaseRatings:
        with self._desk.db.driver() as driver:
            found = rows.ratings_of(driver, stored.id)
        views = tuple(self._view(row) for row in found)
        is_ripe = not views or (len(views) < MOST_ROUNDS and views[-1].answered_at is not None)
        is_closed = stored.state.status is Status.CLOSED and stored.state.outcome is not None
        return CaseRatings(is_closed and is_ripe, is_last=bool(views), ratings=views)

    def _write(self, stored: StoredCase, form: RatingForm, *, text: str, rating: UUID, number: int) -> None:
        now, authority = self._desk.clock.now(), stored.definition.facts.authority
        values = {
            "id": rating,
            "case": stored.id,
            "round": number,
            "item": stored.item,
            "org": authority,
            "region": self._offices.unit(authority, _region(stored)) or "",
            "level": form.level.value,
            "reasons": sorted({reason.value for reason in form.reasons}),
            "key": stored.key_id,
            "sealed": stored.cipher.seal(text.encode(), _context(rating, "text")) if text else None,
            "at": now,
        }
        today, calendar = self._today(), self._desk.calendar
        with self._desk.db.begin() as uow:
            if not rows.add_rating(uow.driver, values):
                raise RatingClosed
            if form.level.is_bad and number < MOST_ROUNDS:
                contact_due_on = calendar.add_working_days(today, CONTACT_WORKING_DAYS).on
                due_on = calendar.add_working_days(today, ANSWER_WORKING_DAYS).on
                rows.open_follow_up(uow.driver, rating, at=now, contact_due_on=contact_due_on, due_on=due_on)

    def _need(self, rating: UUID, by: Officer) -> RatingRow:
        _need_post(by)
        with self._desk.db.driver() as driver:
            row = rows.follow_up_of(driver, rating, by=by)
        if row is None:
            raise FollowUpUnknown
        return row

    def _view(self, row: RatingRow) -> RatingView:
        today = self._today()
        is_open = row.due_on is not None and row.answered_at is None
        remaining = self._remaining(row.due_on, today) if is_open and row.due_on else None
        is_late = is_open and row.contacted_at is None and row.contact_due_on is not None and today > row.contact_due_on
        return RatingView(
            rating=row.id,
            case=CaseId(row.case),
            case_number=row.case_number,
            item=ItemId(row.item),
            item_name=self._name(row.item),
            round=row.round,
            level=RatingLevel(row.level),
            reasons=tuple(RatingReason(reason) for reason in row.reasons),
            at=row.at,
            text=self._opened(row.sealed, row, "text"),
            answer=self._opened(row.answer, row, "answer"),
            answered_at=row.answered_at,
            contacted_at=row.contacted_at,
            contact_due_on=row.contact_due_on,
            due_on=row.due_on,
            remaining_working_days=remaining,
            card=_card(remaining, is_late=is_late),
            is_contact_late=is_late,
        )

    def _remaining(self, due_on: date, today: date) -> int:
        calendar = self._desk.calendar
        if today > due_on:
            return -calendar.working_days_between(due_on, today)
        return calendar.working_days_between(today, due_on)

    def _opened(self, sealed: bytes | None, row: RatingRow, part: str) -> str:
        if sealed is None:
            return ""
        try:
            return self._desk.keys.open(KeyId(row.key), sealed, context=_context(row.id, part)).decode()
        except KeyShredded:
            # One person's shredded data must not hide everybody else's from a list.
            return ""

    def _name(self, item: str) -> str:
        return self._desk.definitions.name(ItemId(item))

    def _figure(self, item: str, org: str, levels: dict[RatingLevel, int]) -> RatingFigure:
        total = sum(levels.values())
        return RatingFigure(ItemId(item), self._name(item), org, total, levels if total >= FEWEST_SHOWN else None)

    def _today(self) -> date:
        return self._desk.calendar.local_date(self._desk.clock.now())


def _need_post(by: Officer) -> None:
    if not by.roles & ANSWERING_ROLES:
        raise Forbidden


def _card(remaining: int | None, *, is_late: bool) -> Card:
    if remaining is None:
        return Card.NONE
    if remaining < 0:
        return Card.RED
    return Card.YELLOW if is_late or remaining <= _SOON_WORKING_DAYS else Card.NONE


def _region(stored: StoredCase) -> str | None:
    """Return where the office that decides is: the region that the posts of the item's authority serve."""
    for role in stored.definition.roles.values():
        if role.org == stored.definition.facts.authority and role.near is not None:
            value = stored.values.get(role.near)
            if value is not None:
                return str(value)
    return None if stored.definition.roles else region_of(stored)


def _context(rating: UUID, part: str) -> bytes:
    return f"workflows.rating:{rating}:{part}".encode()
