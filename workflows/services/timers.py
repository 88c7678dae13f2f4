"""Fire what is due and look for what is stuck."""

from workflows.services.desk import Service
from workflows.views import SweepFinding


class Timers(Service):
    """Move time on in every case."""

    def fire_due(self, limit: int = 100) -> int:
        """Fire due timers of up to ``limit`` cases, one transaction each; return how many cases moved."""
        raise NotImplementedError

    def sweep(self) -> list[SweepFinding]:
        """Find open cases without an open task, timer, outbox row or awaited message."""
        raise NotImplementedError
