"""The engine agrees with a small interpreter on random sound flows: the same work is open, and every case ends."""

from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.cases import APPLICANT, Story, item_from
from tests.factories.effort import tried
from tests.factories.interpreter import SIGNERS, Sequence, Thread
from workflows.domain.commands import ActOn, AskOpinion, Begin, Submit
from workflows.domain.definition import (
    Act,
    AllStep,
    Anytime,
    Consult,
    Definition,
    Duration,
    Each,
    EndStep,
    HumanStep,
    Location,
    Phase,
    Step,
    Unit,
)
from workflows.domain.state import Status, Task, TaskKind
from workflows.engine.refusals import AnswerAwaited

HERE = Location("random", 1, 1)
GIVEN = {
    "applicant.name": "样例",
    "applicant.id_no": "470101198005010017",
    "applicant.photo": "9d9f1d4e-8b39-4d58-9b5c-111111111111",
    "claim.kind": "limb",
    "claim.homebound": False,
}


@dataclass
class Author:
    """Write a random flow whose every return dominates and is bounded."""

    random: Random
    count: int = 0

    def definition(self, seed: int) -> Definition:
        base = item_from("nested.yaml")
        apply = base.flow[0]
        body = self.sequence(0, before=())
        end = EndStep(id="done", phase=Phase.DECISION, at=HERE, outcome="granted")
        flow = (apply, (Phase.REVIEW, body), (Phase.DECISION, (end,)))
        return replace(base, hash=f"random-{seed}", flow=flow, anytime=Anytime(consult=self.consult()))

    def consult(self) -> Consult:
        """Let checkers ask their leader; some acts of the flow wait for the answer."""
        blocks = [
            f"s{n}.{act}" for n in range(1, self.count + 1) for act in ("ok", "redo") if self.random.random() < 0.4
        ]
        return Consult(("checker",), ("leader",), Duration(1, Unit.WORKING_DAY), tuple(blocks))

    def sequence(self, depth: int, *, before: tuple[str, ...]) -> Sequence:
        steps: list[Step] = []
        for _ in range(self.random.randint(1, 3)):
            steps.append(self.step(depth, before=(*before, *(step.id for step in steps))))
        return tuple(steps)

    def step(self, depth: int, *, before: tuple[str, ...]) -> Step:
        """Write a step that may return to what surely was done before it, a block around it included."""
        self.count += 1
        name = f"s{self.count}"
        if depth < 3 and self.random.random() < 0.45:
            inner = (*before, name)
            branches = tuple(self.sequence(depth + 1, before=inner) for _ in range(self.random.randint(2, 3)))
            is_race = self.random.random() < 0.4
            return AllStep(id=name, phase=Phase.REVIEW, at=HERE, branches=branches, is_race=is_race)
        acts = [Act("ok", "同意", HERE)]
        if self.random.random() < 0.2:
            each = Each(SIGNERS)
            return HumanStep(id=name, phase=Phase.REVIEW, at=HERE, by="", acts=tuple(acts), each=each)
        if before and self.random.random() < 0.6:
            acts.append(Act("redo", "退回", HERE, back=self.random.choice(before), max=self.random.randint(1, 2)))
        return HumanStep(id=name, phase=Phase.REVIEW, at=HERE, by="checker", acts=tuple(acts))


def started(seed: int) -> tuple[Story, Thread]:
    """Return a case of a random flow, and the interpreter at the same place."""
    definition = Author(Random(seed)).definition(seed)
    told = Story(definition)
    told.give(Begin(), APPLICANT)
    told.give(Submit(dict(GIVEN)), APPLICANT)
    thread = Thread(definition.flow[1][1])
    thread.enter(0)
    return told, thread


def work_of(told: Story) -> dict[str, str]:
    """Return what is open, as the interpreter calls it, with the key of each task."""
    found: dict[str, str] = {}
    for key, task in told.state.tasks.items():
        if task.kind is TaskKind.CONSULT:
            continue
        step = told.definition.steps[task.step]
        is_signed = isinstance(step, HumanStep) and step.each is not None
        name = f"{task.step}.{key.rpartition('.')[2]}" if is_signed else task.step
        assert name not in found, "one piece of work is open twice"
        found[name] = key
    return found


def ask(told: Story, random: Random) -> None:
    """Let a checker who has work ask the leader now and then; a leader owes one answer at a time."""
    tasks = [task for task in told.state.tasks.values() if task.role == "checker"]
    if tasks and random.random() < 0.3 and not questions(told):
        told.give(AskOpinion(random.choice(tasks).key, "leader", "？"), told.officer("checker"))


def questions(told: Story) -> list[Task]:
    return [task for task in told.state.tasks.values() if task.kind is TaskKind.CONSULT]


def act(told: Story, command: ActOn, random: Random) -> None:
    """Act, once what waits for an answer has it, or its time is over."""
    task = told.state.tasks[command.task]
    rule = told.definition.anytime.consult
    is_blocked = rule is not None and f"{task.step}.{command.act}" in rule.blocks
    for question in questions(told) if is_blocked else ():
        with pytest.raises(AnswerAwaited):
            told.give(command, told.officer(task.role))
        if random.random() < 0.5:
            told.give(ActOn(question.key, "reply", reason="可以"), told.officer("leader"))
        elif question.due_at is not None:
            told.give_at(question.due_at)
    told.give(command, told.officer(task.role))


def choose(told: Story, thread: Thread, random: Random, *, forward: bool) -> None:
    """Do one open piece of work in the engine and in the interpreter."""
    open_work = work_of(told)
    work = random.choice(sorted(open_work))
    task = told.state.tasks[open_work[work]]  # type: ignore[index]
    step = told.definition.steps[task.step]
    redo = step.act("redo") if isinstance(step, HumanStep) else None
    may = redo is not None and told.state.uses.get(f"{step.id}.redo", 0) < (redo.max or 0)
    back = redo.back if may and redo is not None and not forward and random.random() < 0.6 else None
    ask(told, random)
    act(told, ActOn(task.key, "redo" if back else "ok", {}, "因为"), random)
    assert thread.act(work, back)


@tried(30)
@given(seed=st.integers(0, 2**32), length=st.integers(0, 25))
def test_engine_and_interpreter_have_the_same_work_open_and_every_case_ends(seed: int, length: int) -> None:
    told, thread = started(seed)
    random = Random(seed + 1)
    for turn in range(400):
        assert sorted(work_of(told)) == sorted(thread.open())
        if told.state.status is Status.CLOSED:
            break
        choose(told, thread, random, forward=turn >= length)
    assert (told.state.status, told.state.outcome) == (Status.CLOSED, "granted")
    assert thread.is_done
