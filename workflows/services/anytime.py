"""Carry out what may happen at any time beside the flow."""

from gov_portal.kernel.ids import CaseId, OfficerId, TaskKey
from gov_portal.kernel.principal import Citizen, Officer
from workflows.services.desk import Service


class Anytime(Service):
    """Withdraw, urge, suspend, resume, extend, claim and hand over."""

    def withdraw(self, case: CaseId, *, by: Citizen, reason: str = "", key: str | None = None) -> None:
        """Withdraw the application (撤回)."""
        raise NotImplementedError

    def urge(self, case: CaseId, *, by: Citizen) -> None:
        """Urge the case on (催办)."""
        raise NotImplementedError

    def suspend(self, case: CaseId, *, ground: str, reason: str, by: Officer, key: str | None = None) -> None:
        """Suspend the case (挂起) on one of the item's grounds."""
        raise NotImplementedError

    def resume(self, case: CaseId, *, by: Officer, reason: str = "", key: str | None = None) -> None:
        """Resume a suspended case."""
        raise NotImplementedError

    def extend(self, case: CaseId, *, reason: str, by: Officer, key: str | None = None) -> None:
        """Extend the limits (延长) before the deadline."""
        raise NotImplementedError

    def claim(self, case: CaseId, task: TaskKey, *, by: Officer) -> None:
        """Take a task of one's team (领取)."""
        raise NotImplementedError

    def hand_over(self, case: CaseId, task: TaskKey, *, to: OfficerId, by: Officer, reason: str = "") -> None:
        """Hand a task to a colleague (转办) who is eligible for it."""
        raise NotImplementedError
