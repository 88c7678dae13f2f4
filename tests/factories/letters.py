"""Stand in for the letters of cases: a question, its answer, and one more that nobody has read."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.principal import Citizen
from tests.factories.desk import Recorder
from tests.factories.views import CASE, ITEM, NAME, NUMBER
from workflows.domain.letters import CaseLetters, LetterView, Side, WaitingLetter

WINDOW_NAME = "东样区样例街道办事处"
NONE_YET = CaseLetters(may_write=True, left=20, readers=(WINDOW_NAME,))
WAITING = WaitingLetter(CASE, NUMBER, ITEM, NAME, unread=2, since=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


def a_letter(number: int = 1, **changes: object) -> LetterView:
    """Return a letter of the applicant's, as the applicant sees it."""
    at = datetime(2026, 3, 2, 1, number, tzinfo=UTC)
    plain = LetterView(UUID(int=number), number, Side.APPLICANT, at, is_own=True, text="照片可以用黑白的吗？")
    return replace(plain, **changes)


def an_answer(number: int = 2, **changes: object) -> LetterView:
    """Return a letter of the office's, as the applicant sees it."""
    text = "不可以，请用近期两寸白底彩色照片。\n在手机上拍也行，光线要足。"
    values = {"side": Side.OFFICE, "organ": WINDOW_NAME, "is_own": False, "text": text}
    return a_letter(number, **(values | changes))


def a_conversation(**changes: object) -> CaseLetters:
    """Return three letters, of which the office's is new."""
    last = a_letter(3, text="好的，我今天重新拍。需要再交一次申请吗？")
    seen = replace(NONE_YET, letters=(a_letter(is_read=True), an_answer(), last), unread=1, left=18)
    return replace(seen, **changes)


def from_the_office(seen: CaseLetters) -> CaseLetters:
    """Return the same letters as the office sees them."""
    return replace(seen, letters=tuple(replace(one, is_own=not one.is_own) for one in seen.letters))


@dataclass
class InMemoryCorrespondence(Recorder):
    """Know the letters of one case."""

    seen: CaseLetters = NONE_YET
    rows: tuple[WaitingLetter, ...] = ()
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def letters(self, case, *, by, before=None, most=20):
        self._note("letters", before=before)
        return self.seen if isinstance(by, Citizen) else from_the_office(self.seen)

    def mark_read(self, case, *, first, last, by):
        self._note("mark_read", first=first, last=last)

    def write(self, case, *, text, by, key, shown=None):
        self._note("write", text=text, key=key, shown=shown)

    def waiting(self, by):
        return self.rows

    def count_waiting(self, by):
        return len(self.rows)
