"""Gather the use cases of a case into the one service that fronts and workers hold."""

from workflows.services.appeals import Appeals
from workflows.services.attachments import Attachments
from workflows.services.catalogue import Items
from workflows.services.corrections import Corrections
from workflows.services.dues import Dues
from workflows.services.involvement import Involvement
from workflows.services.keeping import Keeping
from workflows.services.lines import Lines
from workflows.services.publicity import Publicity
from workflows.services.queues import Queues
from workflows.services.receipt_papers import ReceiptPapers
from workflows.services.timers import Timers


class CaseService(
    Dues,
    Keeping,
    Involvement,
    Lines,
    Appeals,
    Corrections,
    Publicity,
    Timers,
    Queues,
    Attachments,
    Items,
    ReceiptPapers,
):
    """Carry a case (办件) from its draft to its end; every method names the principal who asks.

    Errors are subclasses of ``DomainError``: ``NotFound`` also for what the principal may not see.
    """
