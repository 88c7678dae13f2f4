"""Laws that hold for every sequence of commands, on the shipped item and on two that return and nest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.kernel.ids import CaseId, OfficerId, PersonId, TaskKey
from gov_portal.kernel.principal import Officer, Principal
from tests.factories.cases import (
    APPEAL,
    APPLICANT,
    ASSESSED,
    CALENDAR,
    CASE,
    PLATFORM,
    SAMPLE,
    Story,
    card_item,
    item_from,
    review_item,
)
from tests.factories.effort import tried
from workflows.domain.commands import (
    ActOn,
    Begin,
    Claim,
    Command,
    Due,
    ExtendLimit,
    HandOver,
    Mark,
    Object,
    OpenAppeal,
    Result,
    ResultKind,
    ResumeCase,
    ReturnSupplement,
    Submit,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.domain.definition import Definition, WaitStep
from workflows.domain.state import CaseState, Status, Task, TaskKind, Transition
from workflows.engine import TransitionRefused, advance
from workflows.engine.clock import explain
from workflows.engine.codec import dump, load

Job = tuple[str, str, int]

SMALL = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.photo": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "claim.kind": "limb",
}
SILENCE = {
    **{path: SAMPLE[path] for path in ("applicant.name", "applicant.id_no", "applicant.region")},
    "trial.plan": "样例",
    "trial.test": True,
}
ITEMS: dict[str, tuple[Callable[[], Definition], dict[str, object]]] = {
    "card": (card_item, dict(SAMPLE)),
    "review": (review_item, dict(APPEAL)),
    "recall": (lambda: item_from("recall.yaml"), SMALL),
    "nested": (lambda: item_from("nested.yaml"), {**SMALL, "claim.homebound": False}),
    "silence": (lambda: item_from("law/silence.yaml"), SILENCE),
}
OBJECTOR = PersonId(UUID(int=7))
FILLING = {**ASSESSED, "verdict.grade": "g1", "findings.facts": "sample"}


@dataclass
class Walk:
    """Wander through a case, checking the laws after every command."""

    story: Story
    given: dict[str, object]
    random: Random
    outstanding: set[Job] = field(default_factory=set)
    licences: set[tuple[str, int]] = field(default_factory=set)
    seen_tasks: dict[str, tuple[str, int, TaskKind, str]] = field(default_factory=dict)

    def step(self) -> None:
        """Let some time pass and give one command, sensible or not."""
        minutes = self.random.choice([0, 5, 600, 1_440, 4 * 1_440, 20 * 1_440])
        self.story.now += timedelta(minutes=minutes)
        command, actor = self.random.choice(self.menu())()
        self.give(command, actor)

    def give(self, command: Command, actor: Principal) -> bool:
        """Give a command; tell whether the case allowed it."""
        story = self.story
        before = story.state
        frozen = orjson.dumps(dump(before))
        context = story.context(actor)
        try:
            transition = advance(story.definition, before, command, context)
        except TransitionRefused as refused:
            assert refused.code.startswith("case.")
            assert orjson.dumps(dump(before)) == frozen
            return False
        assert orjson.dumps(dump(before)) == frozen
        assert advance(story.definition, before, command, context) == transition
        story.state = transition.state
        story.values.update(transition.writes)
        if isinstance(command, Result):
            kind = "undo" if command.is_undo else self.kind_of(command.step)
            self.outstanding.discard((kind, command.step, command.visit))
            if kind == "issue" and command.kind is ResultKind.DONE:
                self.licences.add((command.step, command.visit))
        self.outstanding |= {
            (effect.kind, effect.step, effect.visit)
            for effect in transition.effects
            if effect.kind in {"call", "issue", "send", "undo"}
        }
        undone = {(one.step, one.visit) for one in transition.happenings if one.kind == "undone"}
        self.licences -= undone
        self.check(transition)
        return True

    def menu(self) -> list[Callable[[], tuple[Command, Principal]]]:
        """Return what may be tried now, weighted toward what makes sense."""
        choices: list[Callable[[], tuple[Command, Principal]]] = [self.nonsense, self.tick, self.beside]
        if self.story.state.tasks:
            choices += [self.work] * 6
        if self.outstanding:
            choices += [self.answer] * 3
        if self.story.state.status is Status.SUSPENDED:
            choices += [lambda: (ResumeCase("x"), self.leader())] * 3
        if not self.story.state.visits:
            choices = [lambda: (Begin(), APPLICANT)]
        return choices

    def tick(self) -> tuple[Command, Principal]:
        return Due(), PLATFORM

    def work(self) -> tuple[Command, Principal]:
        """Act on an open task."""
        task = self.random.choice(sorted(self.story.state.tasks.values(), key=lambda task: task.key))
        if task.kind is TaskKind.APPLY:
            return Submit(self.given), APPLICANT
        if task.kind is TaskKind.SUPPLEMENT:
            return ReturnSupplement(
                task.key, {mark.target: self.new_value(mark.target) for mark in task.marks}
            ), APPLICANT
        act = self.random.choice(task.acts)
        marks = (Mark(self.random.choice(["claim.cause", "claim.homebound", "request.grounds"]), "不清楚"),)
        step = self.story.definition.steps[task.step]
        fields = {path: FILLING[path] for path in getattr(step, "fill", ()) if task.kind is TaskKind.WORK}
        return ActOn(task.key, act, fields, "因为", marks if act == "supplement" else ()), self.officer_of(task)

    def answer(self) -> tuple[Command, Principal]:
        """Report a result that is awaited."""
        kind, step, visit = self.random.choice(sorted(self.outstanding))
        bad = [ResultKind.UNAVAILABLE, ResultKind.FAILED, ResultKind.ABSENT, ResultKind.MISMATCH]
        good = ResultKind.FOUND if kind == "call" else ResultKind.DONE
        result = self.random.choice([good, good, self.random.choice(bad)])
        return Result(step, visit, result, is_undo=kind == "undo"), PLATFORM

    def beside(self) -> tuple[Command, Principal]:
        """Do something that stands beside the flow."""
        ground = self.random.choice(["听证", "不可抗力"])
        waiting = [step.id for step in self.story.definition.steps.values() if isinstance(step, WaitStep)]
        commands: list[tuple[Command, Principal]] = [
            (SuspendCase(ground, "x"), self.leader()),
            (ExtendLimit("x"), self.leader()),
            (Urge(), APPLICANT),
            (OpenAppeal(CaseId(CASE)), APPLICANT),
        ]
        commands += [(Object(step, "不符合", by), APPLICANT) for step in waiting for by in (None, OBJECTOR)]
        if self.random.random() < 0.1:
            commands.append((WithdrawCase(), APPLICANT))
        return self.random.choice(commands)

    def nonsense(self) -> tuple[Command, Principal]:
        """Try what should mostly be refused."""
        steps = list(self.story.definition.steps)
        step = self.random.choice(steps)
        key = TaskKey(self.random.choice([f"{step}.1", f"{step}.2", "x", f"{step}.1.s", f"{step}.1.1"]))
        kind = self.random.choice(list(ResultKind))
        commands: list[Command] = [
            Begin(),
            Submit({}),
            ActOn(key, self.random.choice(["ok", "done", "confirm", "redo"]), {}, "x"),
            ReturnSupplement(key, {"claim.cause": "y"}),
            Result(step, self.random.choice([1, 2, 9]), kind, is_undo=self.random.random() < 0.3),
            HandOver(key, OfficerId(CASE)),
            Claim(key),
            Object(step, "x"),
            ResumeCase(),
        ]
        actor = self.random.choice([APPLICANT, PLATFORM, self.leader()])
        return self.random.choice(commands), actor

    def new_value(self, path: str) -> object:
        return self.random.random() < 0.5 if path == "claim.homebound" else "new"

    def leader(self) -> Officer:
        return self.story.officer("leader")

    def officer_of(self, task: Task) -> Officer:
        post = self.story.officer(task.role)
        return Officer(task.officer or post.officer, post.org, post.region, post.roles, post.rank)

    def kind_of(self, step: str) -> str:
        kinds = {"CallStep": "call", "IssueStep": "issue", "SendStep": "send"}
        return kinds.get(type(self.story.definition.steps[step]).__name__, "")

    def check(self, transition: Transition) -> None:
        """Check every law of a state."""
        state = transition.state
        assert load(orjson.loads(orjson.dumps(dump(state)))) == state
        self.check_liveness(state)
        self.check_marking(state)
        self.check_timers(state)
        self.check_clock(state)
        for task in state.tasks.values():
            identity = (task.step, task.visit, task.kind, task.reason)
            assert self.seen_tasks.setdefault(task.key, identity)[:2] == identity[:2]

    def check_liveness(self, state: CaseState) -> None:
        if state.status is Status.CLOSED:
            assert not (state.active or state.tasks or state.timers or state.pending_entries)
            assert state.outcome is not None and state.closed_on is not None
        else:
            live = {job for job in self.outstanding if job[0] != "undo" or job[1:] in state.pending_undos}
            assert state.tasks or state.timers or live
        if state.pending_undos:
            waiting = any(task.reason == "undo-failed" for task in state.tasks.values())
            is_asked = ("undo", *state.pending_undos[0]) in self.outstanding
            assert is_asked or waiting or state.held_results

    def check_marking(self, state: CaseState) -> None:
        visits = {active.step: active.visit for active in state.active}
        assert len(visits) == len(state.active)
        for step, visit in visits.items():
            assert state.visits[step] == visit
        for key, task in state.tasks.items():
            assert key == task.key
            assert task.reason == "undo-failed" or visits.get(task.step) == task.visit
            assert key.startswith(f"{task.step}.{task.visit}")

    def check_timers(self, state: CaseState) -> None:
        open_keys = {f"{active.step}.{active.visit}" for active in state.active} | {"case"} | set(state.tasks)
        for key, due_at in state.timers.items():
            what, _, about = key.partition(":")
            assert due_at > self.story.now
            assert what in {"due", "wait", "yellow", "red", "suspension"}
            assert about in open_keys
        if state.status is Status.SUSPENDED:
            assert set(state.timers) == {"suspension:case"}

    def check_clock(self, state: CaseState) -> None:
        clock = state.clock
        explanation = explain(self.story.definition, state, now=self.story.now, calendar=CALENDAR)
        counted = sum(line.working_days for line in explanation.lines if line.is_counted)
        assert counted == explanation.used_working_days
        if clock.started_on is None:
            assert explanation.lines == ()
            return
        first, after = clock.started_on + timedelta(days=1), explanation.as_of + timedelta(days=1)
        assert sum(line.working_days for line in explanation.lines) == CALENDAR.working_days_between(first, after)
        assert [line.first_on for line in explanation.lines[1:]] == [
            line.last_on + timedelta(days=1) for line in explanation.lines[:-1]
        ]
        ends = [interval.ended_on for interval in clock.intervals[:-1]]
        assert all(end is not None for end in ends)
        starts = [interval.started_on for interval in clock.intervals[1:]]
        assert all(end is not None and end <= start for end, start in zip(ends, starts, strict=True))
        is_running = clock.stopped_on is None and clock.standing is None
        assert (state.due_at is not None) is (is_running and state.status is not Status.CLOSED)
        if state.due_at is not None and explanation.due_on is not None:
            assert state.due_at == CALENDAR.end_of_day(explanation.due_on)


def walk(item: str, seed: int) -> Walk:
    make, fields = ITEMS[item]
    return Walk(Story(make()), dict(fields), Random(seed))


@pytest.mark.parametrize("item", list(ITEMS))
@tried(40)
@given(seed=st.integers(0, 2**32), length=st.integers(5, 60))
def test_whatever_happens_the_laws_hold(item: str, seed: int, length: int) -> None:
    wanderer = walk(item, seed)
    for _ in range(length):
        wanderer.step()


@pytest.mark.parametrize("item", list(ITEMS))
@tried(20)
@given(seed=st.integers(0, 2**32), length=st.integers(0, 40))
def test_no_case_is_ever_stuck(item: str, seed: int, length: int) -> None:
    wanderer = walk(item, seed)
    wanderer.give(Begin(), APPLICANT)
    wanderer.give(Submit(wanderer.given), APPLICANT)
    for _ in range(length):
        wanderer.step()
    for _ in range(200):
        if wanderer.story.state.status is Status.CLOSED:
            break
        go_ahead(wanderer)
    assert wanderer.story.state.status is Status.CLOSED


def go_ahead(wanderer: Walk) -> None:
    """Do the plainest thing that leads on; what is due fires first, as the tick would let it."""
    wanderer.give(Due(), PLATFORM)
    state = wanderer.story.state
    if state.status is Status.SUSPENDED:
        wanderer.give(ResumeCase("x"), wanderer.leader())
    elif state.tasks:
        task = next(iter(state.tasks.values()))
        plain = [act for act in task.acts if act in {"ok", "done", "confirm", "dismiss", "revoke"}]
        for _ in range(8):
            command, actor = wanderer.work()
            is_plain = not isinstance(command, ActOn) or command.act in plain or command.act == "deny"
            if is_plain and wanderer.give(command, actor):
                return
    elif wanderer.outstanding:
        kind, step, visit = min(wanderer.outstanding)
        good = ResultKind.FOUND if kind == "call" else ResultKind.DONE
        wanderer.give(Result(step, visit, good, is_undo=kind == "undo"), PLATFORM)
    else:
        wanderer.story.now += timedelta(days=1)
        wanderer.give(Due(), PLATFORM)


@pytest.mark.parametrize("item", ["card", "recall", "nested", "silence"])
@tried(40)
@given(seed=st.integers(0, 2**32), ahead=st.integers(0, 30), length=st.integers(0, 12))
def test_no_licence_outlives_a_withdrawal(item: str, seed: int, ahead: int, length: int) -> None:
    wanderer = walk(item, seed)
    wanderer.give(Begin(), APPLICANT)
    wanderer.give(Submit(wanderer.given), APPLICANT)
    for _ in range(ahead):
        go_ahead(wanderer)
    for _ in range(length):
        wanderer.step()
    if wanderer.random.random() < 0.5:
        wanderer.give(SuspendCase("听证", "x"), wanderer.leader())
    while wanderer.outstanding and wanderer.random.random() < 0.7:
        wanderer.give(*wanderer.answer())
    if not wanderer.give(WithdrawCase(), APPLICANT):
        return
    while wanderer.outstanding:
        kind, step, visit = min(wanderer.outstanding)
        wanderer.give(Result(step, visit, ResultKind.DONE, is_undo=kind == "undo"), PLATFORM)
    assert wanderer.licences == set()
    assert wanderer.story.state.pending_undos == ()


def test_equal_arguments_give_equal_results() -> None:
    first, second = Story().to_issue(), Story().to_issue()
    assert first.state == second.state
    assert dump(first.state) == dump(second.state)


def test_a_state_of_many_steps_stays_small() -> None:
    story = Story().to_approval()
    sizes = []
    for _ in range(2):
        story.act("approve", "redo")
        story.vote("ok", "ok")
        sizes.append(len(orjson.dumps(dump(story.state))))
    assert sizes[1] - sizes[0] < 10
    assert sizes[1] < 3_000
    assert story.state.closed_on != date(2026, 3, 2)
