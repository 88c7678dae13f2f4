"""Let happen in a made-up case what may happen at any time beside its flow."""

from gov_portal.kernel.principal import Platform
from workflows.domain.commands import (
    ActOn,
    AskOpinion,
    ChangeSigners,
    Due,
    ExtendLimit,
    HandOver,
    OpenAppeal,
    OpenCorrection,
    ResumeCase,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.domain.definition import Consult
from workflows.domain.state import Task, TaskKind
from workflows.dsl import people
from workflows.dsl.made_up import REASON, MadeUpCase, RunFailed
from workflows.dsl.runs import RunEntry
from workflows.engine.clock import SILENCE


class Beside(MadeUpCase):
    """Carry out the entries of a run that belong to the case, not to a step."""

    def _event(self, entry: RunEntry) -> None:
        if entry.after is not None:
            self.now = self._after(entry.after)
        any_time = self.definition.anytime
        match entry.word:
            case "withdraw":
                self._send(WithdrawCase(REASON), self.applicant, entry)
            case "urge":
                self._send(Urge(), self.applicant, entry)
            case "appeal":
                self._send(OpenAppeal(people.case_id("appeal")), self.applicant, entry)
            case "extend" if any_time.extend:
                self._send(ExtendLimit(REASON), self._holder(any_time.extend.by), entry)
            case "suspend" if any_time.suspend:
                ground = entry.options.get("ground", any_time.suspend.grounds[0].ground)
                self._send(SuspendCase(ground, REASON), self._holder(any_time.suspend.by[0]), entry)
            case "resume" if any_time.suspend:
                self._send(ResumeCase(REASON), self._holder(any_time.suspend.by[0]), entry)
            case "hand_over":
                self._hand_over(entry)
            case "signers" if any_time.signers:
                names = {key: entry.options.get(key, "") for key in ("step", "add", "remove")}
                self._send(ChangeSigners(**names, reason=REASON), self._holder(any_time.signers.by[0]), entry)
            case "correct" if any_time.correct:
                successor = OpenCorrection(people.case_id("correct"), REASON)
                self._send(successor, self._holder(any_time.correct.by[0]), entry)
            case "consult" if any_time.consult:
                self._consult(any_time.consult, entry)
            case "reply":
                task = self._question(entry)
                self._by_somebody(ActOn(task.key, "reply", reason=REASON), task, entry)
            case "unanswered":
                self.now = max(self.now, self._question(entry).due_at or self.now)
                self._send(Due(), Platform(), entry)
            case "elapses" if SILENCE in self.state.timers:
                self.now = max(self.now, self.state.timers[SILENCE])
                self._send(Due(), Platform(), entry)
            case "elapses":
                raise RunFailed(entry, "no limit of the case runs whose end decides")
            case "pass":
                self._send(Due(), Platform(), entry)
            case other:
                raise RunFailed(entry, f"the item has no `{other}` under `anytime`")

    def _consult(self, rule: Consult, entry: RunEntry) -> None:
        """Let whoever has a task that may ask put a question, at the step and to the role that the run says."""
        tasks = [task for task in self.state.tasks.values() if task.role in rule.by]
        task = next((task for task in tasks if entry.options.get("at") in (None, task.step)), None)
        if task is None:
            raise RunFailed(entry, "nobody who may ask has a task now")
        question = AskOpinion(task.key, entry.options.get("to", rule.to[0]), REASON)
        self._by_somebody(question, task, entry)

    def _question(self, entry: RunEntry) -> Task:
        """Return the question that waits for an answer: of the role that the run says, else the first."""
        asked = [task for task in self.state.tasks.values() if task.kind is TaskKind.CONSULT]
        found = next((task for task in asked if entry.options.get("by") in (None, task.role)), None)
        if found is None:
            raise RunFailed(entry, "no question waits for an answer")
        return found

    def _hand_over(self, entry: RunEntry) -> None:
        allowed = self.definition.anytime.hand_over
        task = next((t for t in self.state.tasks.values() if t.role in allowed), None)
        task = task or next((t for t in self.state.tasks.values() if t.kind is TaskKind.WORK), None)
        if task is None:
            raise RunFailed(entry, "there is no task to hand over")
        holder = people.candidates(task)[0]
        self._send(HandOver(task.key, people.officer_id(task.role, 2), REASON), holder, entry)
