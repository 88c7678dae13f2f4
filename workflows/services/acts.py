"""Carry out the acts of an open task."""

from collections.abc import Mapping

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer, Principal
from workflows.domain.commands import ActOn, Result
from workflows.services.desk import Service
from workflows.views import CaseView


class Acts(Service):
    """Let officers act and applicants answer; let workers report results."""

    def act(self, case: CaseId, command: ActOn, *, by: Officer, key: str | None = None) -> None:
        """Act on a task, vote, fill (act ``done``) or confirm; ``command.fields`` are raw inputs by field path.

        Raises:
            InvalidFields: every unacceptable input at once.
            TransitionRefused: ``case.stale-task`` when somebody was quicker, and the other ``case.*`` codes.
            KeyReused: ``case.key-reused`` when ``key`` came with another body before.
        """
        raise NotImplementedError

    def return_supplement(
        self, case: CaseId, *, task: TaskKey, raw: Mapping[str, object], by: Citizen, key: str | None = None
    ) -> CaseView:
        """Hand in the marked fields and materials (补正).

        Raises:
            InvalidFields: every unacceptable input at once.
        """
        raise NotImplementedError

    def result(self, case: CaseId, result: Result, *, by: Principal) -> None:
        """Apply the result of a call, issue, delivery or undo."""
        raise NotImplementedError
