"""Stand in for what the desk keeps beside cases: jobs, figures, preferences, posts and absences."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import OfficerId
from identity.domain.values import PostView, Unit
from identity.services.absences import AbsenceView, Colleague
from tests.factories.parked import OPERATOR
from tests.factories.views import CASE, COLLEAGUE, ITEM, NAME, NUMBER, TASK
from workflows.domain.state import TaskKind
from workflows.services.figures import Flow, UnitFigures
from workflows.services.jobs import BulkView, JobResult, JobView, Target
from workflows.services.lines import Neighbours, StepGroup
from workflows.services.preferences import SavedFilter
from workflows.views import ActView

JOB = UUID("50000000-0000-4000-8000-000000000001")
SAVED = UUID("50000000-0000-4000-8000-000000000002")
ABSENCE = UUID("50000000-0000-4000-8000-000000000003")
SUBDISTRICT = Unit("dept.subdistrict", "470101", "东样区样例街道办事处")
ME = OfficerId(UUID("20000000-0000-4000-8000-000000000001"))
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OK = ActView("ok", "受理", needs_reason=False, is_enabled=True)
RUNNING = JobView(JOB, ITEM, NAME, "受理", "受理", "running", 800, 12, AT, None, done=320, refused=2, stopped=0)
FINISHED = replace(RUNNING, status="finished", finished_at=AT, done=798)
GROUP = StepGroup(ITEM, NAME, "accept", "受理", TaskKind.WORK, 812)
NO_NEIGHBOURS = Neighbours((), ())


class Recorder:
    """Note every call; ``refuse`` names the error that a method raises instead."""

    calls: list
    refuse: dict[str, DomainError]

    def _note(self, call: str, /, **values: object) -> None:
        self.calls.append((call, values))
        if call in self.refuse:
            raise self.refuse[call]

    def called(self, name: str) -> list[dict]:
        return [values for called, values in self.calls if called == name]


@dataclass
class InMemoryJobs(Recorder):
    """Know one job."""

    view: BulkView = field(
        default_factory=lambda: BulkView(
            812, ((OK, 800),), (Target(CASE, NUMBER, TASK, "hash"),) * 800, {"case.suspended": 9, "case.four-eyes": 3}
        )
    )
    shown: JobView = RUNNING
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def preview(self, order, *, by):
        self._note("preview", order=order)
        return self.view

    def order(self, order, *, job, by):
        self._note("order", order=order, job=job)
        return len(self.view.able)

    def jobs(self, by):
        return (self.shown, replace(FINISHED, id=UUID(int=2)))

    def job(self, job, *, by):
        self._note("job", job=job)
        return self.shown

    def results(self, job, *, by, after=-1, limit=100, outcome=""):
        self._note("results", after=after, limit=limit, outcome=outcome)
        return (
            JobResult(0, CASE, NUMBER, TASK, "done", "", AT),
            JobResult(1, CASE, NUMBER, TASK, "refused", "case.stale-task", AT),
            JobResult(2, CASE, NUMBER, TASK, "", "", None),
        )

    def stop(self, job, *, by):
        self._note("stop", job=job)


class InMemoryFigures:
    """Know one week."""

    def of_unit(self, by, on=None):
        hours = tuple(Flow(hour % 5 if 8 < hour < 18 else 0, 0, hour % 3 if 8 < hour < 18 else 0) for hour in range(24))
        days = tuple(
            (date(2026, 2, 24 + n) if n < 5 else date(2026, 3, n - 4), Flow(9 + n, n, 7 + n)) for n in range(7)
        )
        return UnitFigures(
            date(2026, 3, 2), hours, days, waiting=31, overdue=2, near=4, finished_late=1, median_working_days=3
        )


@dataclass
class InMemoryPreferences(Recorder):
    """Know one saved filter that is not opened first."""

    saved: tuple = (SavedFilter(SAVED, "本周到期", "card=yellow&free=1", is_default=False),)
    chosen: tuple[str, ...] = ()
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def filters(self, officer):
        return self.saved

    def columns(self, officer):
        return self.chosen

    def save(self, officer, *, name, query):
        self._note("save", name=name, query=query)
        return SAVED

    def set_default(self, officer, which):
        self._note("set_default", which=which)

    def delete(self, officer, which):
        self._note("delete", which=which)

    def choose_columns(self, officer, columns):
        self._note("choose_columns", columns=tuple(columns))


@dataclass
class InMemoryAbsences(Recorder):
    """Know two colleagues, one of them away."""

    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def colleagues(self, by):
        roles = frozenset({"window"})
        return (Colleague(by.officer, "周敏", roles), Colleague(COLLEAGUE, "吴江", roles))

    def absences(self, by):
        days = (date(2026, 3, 2), date(2026, 3, 6))
        return (AbsenceView(ABSENCE, by.officer, "周敏", COLLEAGUE, "吴江", *days, is_now=True, may_end=True),)

    def enter(self, absent, *, deputy, first_on, last_on, by):
        self._note("enter", absent=absent, deputy=deputy, first_on=first_on, last_on=last_on)
        return ABSENCE

    def end(self, absence, *, by):
        self._note("end", absence=absence)


def the_posts(officer: OfficerId) -> tuple[PostView, ...]:
    if officer == OPERATOR.officer:
        return (PostView(Unit("dept.data", "470000", "样例省数据管理局"), OPERATOR.roles),)
    return (
        PostView(SUBDISTRICT, frozenset({"window"})),
        PostView(Unit("dept.cdpf", "470101", "样例市东样区残疾人联合会"), frozenset({"checker", "leader"}), "leader"),
    )
