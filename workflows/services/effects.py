"""Carry out the effects of a case from the outbox and bring their results back as commands."""

from gov_portal.kernel.outbox import OutboxMessage
from workflows.services.desk import Service

TOPICS = ("case.call", "case.issue", "case.send", "case.undo", "case.notice", "case.tell", "case.open")
"""Topics that ``EffectService.deliver`` takes."""


class EffectService(Service):
    """Deliver outbox messages of the topics in ``TOPICS``."""

    def deliver(self, message: OutboxMessage) -> None:
        """Do what the message asks and finish it in the transaction that applies the result; safe to run twice.

        A partner that does not answer is a result (``unavailable``), not an error; anything raised leaves the row for
        another attempt.
        """
        raise NotImplementedError
