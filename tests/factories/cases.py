"""Drive cases through the engine with few words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from gov_portal.kernel.ids import CaseId, OfficerId, PersonId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer, Platform, Principal
from gov_portal.kernel.working_days import SHANGHAI, Calendar
from workflows.domain.commands import (
    ActOn,
    Begin,
    Command,
    Due,
    Mark,
    Result,
    ResultKind,
    ReturnSupplement,
    Submit,
)
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Context, Happening, Task, Transition
from workflows.dsl.lint import compile_text
from workflows.engine import advance

ITEMS = Path(__file__).parents[2] / "workflows" / "items"
SPACE = UUID("5f2c1d5e-0000-4000-8000-000000000000")
CASE = CaseId(uuid5(SPACE, "case"))
APPLICANT = Citizen(PersonId(uuid5(SPACE, "applicant")), ial=4, aal=2)
PLATFORM = Platform()
REGION = "470101"
CALENDAR = Calendar.official()

SAMPLE: Mapping[str, object] = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.birth": date(1980, 5, 1),
    "applicant.region": REGION,
    "applicant.photo": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "claim.kind": "hearing",
    "claim.cause": "sample",
    "claim.homebound": False,
    "delivery.way": "pickup",
}
ASSESSED: Mapping[str, object] = {
    "assess.kind": "hearing",
    "assess.level": 2,
    "assess.report": "9d9f1d4e-8b39-4d58-9b5c-222222222222",
}
APPEAL: Mapping[str, object] = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.region": REGION,
    "appealed.case_number": "470101-20260302-0000001-K",
    "appealed.item_name": "样例事项",
    "appealed.outcome": "denied",
    "appealed.closed_on": date(2026, 3, 1),
    "request.aim": "revoke",
    "request.grounds": "sample",
    "delivery.way": "pickup",
}


def officer_id(name: str) -> OfficerId:
    """Return the id that goes with a name such as ``checker.2``."""
    return OfficerId(uuid5(SPACE, name))


@cache
def shipped_item(name: str) -> Definition:
    """Return a shipped item, without its self-tests."""
    path = ITEMS / f"{name}.yaml"
    return compile_text(path.read_text(encoding="utf-8").partition("\nscenarios:")[0], str(path))


def card_item() -> Definition:
    """Return the item of the disability card."""
    return shipped_item("disability-card")


def review_item() -> Definition:
    """Return the item that an appeal opens."""
    return shipped_item("admin-review")


@cache
def item_from(name: str) -> Definition:
    """Compile an item that lies beside this file."""
    return compile_text((Path(__file__).parent / name).read_text(encoding="utf-8"), name)


def at(text: str) -> datetime:
    """Read a moment in Shanghai such as ``2026-03-02 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@dataclass
class Story:
    """Tell the story of one case: every call moves it on and keeps what came out.

    ``voters`` are the officers whom the platform finds eligible.
    """

    definition: Definition = field(default_factory=card_item)
    now: datetime = at("2026-03-02 09:00")
    calendar: Calendar = CALENDAR
    voters: tuple[OfficerId, ...] = tuple(officer_id(f"checker.{n}") for n in (1, 2, 3, 4))
    state: CaseState = field(default_factory=CaseState)
    values: dict[str, object] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    last: Transition | None = None

    def give(self, command: Command, actor: Principal = PLATFORM, *, on: str | None = None) -> Transition:
        """Give a command, at a moment of its own where ``on`` says so."""
        if on is not None:
            self.now = at(on)
        transition = advance(self.definition, self.state, command, self.context(actor))
        self.state = transition.state
        self.values.update(transition.writes)
        self.happenings.extend(transition.happenings)
        self.last = transition
        return transition

    def context(self, actor: Principal) -> Context:
        """Return the context of a command given now."""
        return Context(CASE, self.now, actor, self.calendar, self.values, lambda role, near: self.voters)

    def officer(self, role: str, name: str | None = None) -> Officer:
        """Return an officer at a post of the item; ``checker.2`` is another checker."""
        post = self.definition.roles[role]
        return Officer(officer_id(name or f"{role}.1"), post.org, REGION, frozenset({role}), post.rank or "", 2)

    def apply(self, *, on: str | None = None, **changes: object) -> "Story":
        """Begin and submit; a change names its field with ``__`` for the dot."""
        if on is not None:
            self.now = at(on)
        fields = {**SAMPLE, **{name.replace("__", "."): value for name, value in changes.items()}}
        self.give(Begin(), APPLICANT)
        self.give(Submit(fields), APPLICANT)
        return self

    def apply_with(self, fields: Mapping[str, object]) -> "Story":
        """Begin and submit an item of a test's own."""
        self.give(Begin(), APPLICANT)
        self.give(Submit(fields), APPLICANT)
        return self

    def task(self, step: str) -> Task:
        """Return the one open task of a step."""
        (task,) = [task for task in self.state.tasks.values() if task.step == step]
        return task

    def act(
        self,
        step: str,
        act: str = "done",
        *,
        on: str | None = None,
        by: str | None = None,
        **rest: object,
    ) -> Transition:
        """Act on a step's task as an officer of its role, with a reason."""
        tasks = [task for task in self.state.tasks.values() if task.step == step]
        officer = self.officer(tasks[0].role, by)
        mine = next((task for task in tasks if task.officer == officer.officer), tasks[0])
        command = ActOn(mine.key, act, **{"reason": "因为", **rest})  # type: ignore[arg-type]
        return self.give(command, officer, on=on)

    def vote(self, *acts: str, on: str | None = None) -> None:
        """Let the electors vote in their order."""
        for number, act in enumerate(acts, start=1):
            self.act("review", act, by=f"checker.{number}", on=on)

    def act_on(self, key: str, act: str = "done", *, role: str, on: str | None = None) -> Transition:
        """Act on a task that may not be open yet, with what an assessment needs."""
        fields = ASSESSED if role == "assessor" else {}
        return self.give(ActOn(TaskKey(key), act, fields, "因为"), self.officer(role), on=on)

    def result(self, step: str, kind: str = "done", *, on: str | None = None, **rest: object) -> Transition:
        """Report the result of the running visit of a step."""
        visit = rest.pop("visit", None) or self.state.visits[step]
        return self.give(Result(step, visit, ResultKind(kind), **rest), on=on)  # type: ignore[arg-type]

    def due(self, on: str) -> Transition:
        """Let everything fire that is due at a moment."""
        return self.give(Due(), on=on)

    def give_at(self, moment: datetime) -> Transition:
        """Let everything fire that is due at an instant."""
        self.now = moment
        return self.give(Due())

    def to_joint(self) -> "Story":
        """Apply and accept."""
        self.apply()
        self.act("accept", "ok")
        return self

    def to_publicity(self) -> "Story":
        """Go on until the result is public."""
        self.to_joint()
        self.result("verify", "found")
        self.act("assess", fields=ASSESSED)
        return self

    def to_review(self) -> "Story":
        """Go on until the vote."""
        self.to_publicity()
        self.due("2026-03-10 09:00")
        return self

    def to_approval(self) -> "Story":
        """Go on until the leader decides."""
        self.to_review()
        self.vote("ok", "ok")
        return self

    def to_issue(self) -> "Story":
        """Go on until the licence is made."""
        self.to_approval()
        self.act("approve", "ok")
        return self

    def supplement(self, *targets: str, on: str | None = None) -> Transition:
        """Ask for a supplement of some fields."""
        return self.act("accept", "supplement", marks=tuple(Mark(target, "不清楚") for target in targets), on=on)

    def hand_in(self, *, on: str | None = None, **changes: object) -> Transition:
        """Hand the supplement in."""
        fields = {name.replace("__", "."): value for name, value in changes.items()}
        return self.give(ReturnSupplement(TaskKey(self.task("accept").key), fields), APPLICANT, on=on)

    def kinds(self) -> list[str]:
        """Return the kinds of the last transition's happenings."""
        return [happening.kind for happening in self.last.happenings] if self.last else []

    def happening(self, kind: str) -> Happening:
        """Return the latest happening of a kind."""
        return next(happening for happening in reversed(self.happenings) if happening.kind == kind)
