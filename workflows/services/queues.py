"""Show officers their work."""

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import Officer
from workflows.services.desk import Service
from workflows.views import QueueFilters, QueueRow, WorkView


class Queues(Service):
    """List open tasks and show one with all that it needs."""

    def queue(self, by: Officer, filters: QueueFilters | None = None) -> tuple[QueueRow, ...]:
        """List the open tasks that the officer holds or could take, the most urgent first."""
        raise NotImplementedError

    def work(self, case: CaseId, task: TaskKey, *, by: Officer) -> WorkView:
        """Show one open task.

        Raises:
            NotFound: the task is gone or not this officer's to see.
        """
        raise NotImplementedError
