"""Carry out what may happen at any time beside the flow."""

from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer, Principal
from workflows.domain.commands import (
    AskOpinion,
    ChangeSigners,
    Claim,
    Command,
    ExtendLimit,
    HandOver,
    ResumeCase,
    ReviseBill,
    SuspendCase,
    Urge,
    WithdrawCase,
)
from workflows.services.stepping import Order, Stepper, request_key


class Anytime(Stepper):
    """Withdraw, urge, suspend, resume, extend, claim and hand over."""

    def withdraw(self, case: CaseId, *, by: Citizen, reason: str = "", key: str | None = None) -> None:
        """Withdraw the application (撤回).

        Raises:
            TransitionRefused: ``case.withdrawal-too-late``.
        """
        self._command(case, WithdrawCase(reason), by=by, key=key)

    def urge(self, case: CaseId, *, by: Citizen) -> None:
        """Urge the case on (催办).

        Raises:
            TransitionRefused: ``case.urged-already``.
        """
        self._command(case, Urge(), by=by)

    def suspend(self, case: CaseId, *, ground: str, reason: str, by: Officer, key: str | None = None) -> None:
        """Suspend the case (挂起) on one of the item's grounds.

        Raises:
            TransitionRefused: ``case.ground-unknown``, ``case.suspension-used-up``, ``case.not-permitted``.
        """
        self._command(case, SuspendCase(ground, reason), by=by, key=key)

    def resume(self, case: CaseId, *, by: Officer, reason: str = "", key: str | None = None) -> None:
        """Resume a suspended case.

        Raises:
            TransitionRefused: ``case.not-suspended``, ``case.not-permitted``.
        """
        self._command(case, ResumeCase(reason), by=by, key=key)

    def extend(self, case: CaseId, *, reason: str, by: Officer, key: str | None = None) -> None:
        """Extend the limits (延长) before the deadline.

        Raises:
            TransitionRefused: ``case.extension-used-up``, ``case.deadline-passed``, ``case.clock-not-running``.
        """
        self._command(case, ExtendLimit(reason), by=by, key=key)

    def claim(self, case: CaseId, task: TaskKey, *, by: Officer) -> None:
        """Take a task of one's team (领取).

        Raises:
            TransitionRefused: ``case.stale-task``, ``case.not-your-task``, ``case.four-eyes``.
        """
        self._command(case, Claim(task), by=by)

    def hand_over(self, case: CaseId, task: TaskKey, *, to: OfficerId, by: Officer, reason: str = "") -> None:
        """Hand a task to a colleague (转办) who is eligible for it.

        Raises:
            TransitionRefused: ``case.not-permitted`` for a colleague without the post, ``case.not-your-task``.
        """
        self._command(case, HandOver(task, to, reason), by=by)

    def change_signers(self, case: CaseId, change: ChangeSigners, *, by: Officer, key: str | None = None) -> None:
        """Add a signer to an open step (加签), or take away one who has not signed (减签).

        Raises:
            TransitionRefused: ``case.signers-fixed``, ``case.signer-unknown``, ``case.not-permitted``.
        """
        self._command(case, change, by=by, key=key)

    def ask_opinion(self, case: CaseId, question: AskOpinion, *, by: Officer, key: str | None = None) -> None:
        """Ask another role about an open task of one's own (请示, 征求意见); the answer is an act of its own task.

        Raises:
            TransitionRefused: ``case.no-consulting-now``, ``case.not-permitted``, ``case.not-your-task``.
        """
        self._command(case, question, by=by, key=key)

    def revise_bill(self, case: CaseId, change: ReviseBill, *, by: Officer, key: str | None = None) -> None:
        """Correct the lines of a bill that is not paid (更正缴款单); the applicant gets another one.

        Raises:
            TransitionRefused: ``case.bill-fixed``, ``case.bill-line-wrong``, ``case.not-permitted``.
        """
        self._command(case, change, by=by, key=key)

    def _command(self, case: CaseId, command: Command, *, by: Principal, key: str | None = None) -> None:
        request = request_key(by, key, body=[type(command).__name__, command])
        self._carry_out(case, lambda stored: command, order=Order(by=by, request=request))
