"""Stand in for what officers keep beside one case: notes, held acts, phrases."""

from dataclasses import dataclass, field
from uuid import UUID

from gov_portal.kernel.errors import DomainError
from tests.factories.desk import Recorder
from tests.factories.views import CASE, COLLEAGUE, NUMBER, TASK, a_queue_row
from workflows.domain.checks import Check, Verdict, WantingReason
from workflows.services.checks import Checks, contradiction
from workflows.services.held import HeldAct
from workflows.services.lines import Neighbours
from workflows.services.snippets import Snippet
from workflows.views import Assignable, Card

HELD = UUID("50000000-0000-4000-8000-000000000011")
PHRASE = UUID("50000000-0000-4000-8000-000000000012")
UNREADABLE = Check(Verdict.WANTING, WantingReason.UNREADABLE, "右下角被遮住")
NOTED = Checks({"claim.cause": Check(Verdict.PASSED), "applicant.photo": UNREADABLE})
UNDER_WAY = HeldAct(HELD, CASE, NUMBER, TASK, "受理", seconds=7, may_undo=True)
CAME_TO_NOTHING = HeldAct(HELD, CASE, NUMBER, TASK, "受理", seconds=0, may_undo=False, refused_as="case.stale-task")
AROUND = Neighbours(
    (a_queue_row(task="accept.8", remaining_working_days=-2, card=Card.RED, applicant_masked="赵*"),),
    (
        a_queue_row(task="accept.9", remaining_working_days=4, applicant_masked="李*"),
        a_queue_row(task="accept.10", remaining_working_days=5, applicant_masked="王**"),
    ),
)
ASSIGNABLE = (Assignable(TASK, "审核", "周敏", ((COLLEAGUE, "吴江"),)),)


@dataclass
class InMemoryCheckBook(Recorder):
    """Know the notes of one task."""

    noted: Checks = field(default_factory=Checks)
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def checks(self, work, *, by):
        return self.noted

    def keep(self, work, notes, *, by):
        self._note("keep", notes=dict(notes))
        self.noted = Checks(dict(notes), self.noted.earlier)


@dataclass
class InMemoryHeld(Recorder):
    """Carry acts out at once, through the cases that were given, or say that they can be undone."""

    cases: object
    book: InMemoryCheckBook
    acts: tuple = ()
    held_tasks: frozenset = frozenset()
    holds: bool = False
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def act(self, work, wish, *, by):
        self._note("act", wish=wish)
        act = next(one for one in work.acts if one.id == wish.command.act)
        warning = contradiction(act, self.book.noted, marks=wish.command.marks)
        if warning is not None and not wish.is_insisted:
            raise warning
        if not self.holds:
            self.cases.act(work.case_id, wish.command, by=by, key=wish.key)
        return self.holds

    def undo(self, held, *, by):
        self._note("undo", held=held)
        return CASE, TASK

    def mine(self, by):
        return self.acts

    def under_way(self, cases):
        return self.held_tasks

    def read_on(self, held, *, by):
        self._note("read_on", held=held)


@dataclass
class InMemorySnippets(Recorder):
    """Know one phrase of the officer and one of the unit."""

    known: tuple = (
        Snippet(PHRASE, "请用手机在光线充足处重新拍摄，四角完整。", is_units=False, may_delete=True),
        Snippet(UUID(int=9), "本单位不受理跨区申请，请到户籍所在区提出。", is_units=True, may_delete=False),
    )
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def snippets(self, by):
        return self.known

    def add(self, text, *, by, is_units=False):
        self._note("add", text=text, is_units=is_units)
        return PHRASE

    def delete(self, snippet, *, by):
        self._note("delete", snippet=snippet)
