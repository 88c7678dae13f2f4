"""Describe the case of ``bench/items/six-steps.yaml`` as a flow."""

from protocol import FORM
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process


class Case(flow.Flow):
    """Hold the nodes; the lock is the one that the documents recommend with PostgreSQL."""

    process_class = Process
    lock_impl = lock.select_for_update_lock

    start = flow.StartHandle(this.begin).Next(this.review)
    review = flow.View(None).Next(this.size)
    size = flow.If(lambda activation: activation.process.data["amount"] > 1000).Then(this.thorough).Else(this.plain)
    plain = flow.View(None).Next(this.fork)
    thorough = flow.View(None).Next(this.fork)
    fork = flow.Split().Next(this.site).Next(this.finance)
    site = flow.View(None).Next(this.join)
    finance = flow.View(None).Next(this.join)
    join = flow.Join().Next(this.issue)
    issue = flow.View(None).Next(this.end)
    end = flow.End()

    def begin(self, activation: Activation) -> Process:
        """Keep the form."""
        activation.process.data = dict(FORM)
        return activation.process
