"""Name what the services refuse beside what the engine refuses."""

from gov_portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class CaseUnknown(NotFound):
    """Answer that there is no such case, or none for this principal."""

    code = "case.unknown"


class TaskUnknown(NotFound):
    """Answer that the task is gone or not this officer's."""

    code = "case.task-unknown"


class NoticeUnknown(NotFound):
    """Answer that nothing is open to objections there."""

    code = "case.notice-unknown"


class FileUnknown(NotFound):
    """Answer that the case has no such file for this principal."""

    code = "case.file-unknown"


class WardNotAllowed(Forbidden):
    """Refuse to begin for a ward: the item or the guardianship record does not allow it."""

    code = "case.ward-not-allowed"


class OnlyByAppeal(Conflict):
    """Refuse to begin an item that only an appeal about another case opens."""

    code = "case.only-by-appeal"


class NotForApplicants(Conflict):
    """Refuse to begin an item that only an offer or an officer begins."""

    code = "case.not-for-applicants"


class CaseBusy(Conflict):
    """Refuse because others were quicker again and again; worth trying once more."""

    code = "case.busy"


class KeyReused(Invalid):
    """Refuse a request that repeats an idempotency key with another content."""

    code = "case.key-reused"


class KeyInvalid(Invalid):
    """Refuse an idempotency key that is empty or longer than 100 characters."""

    code = "case.key-invalid"


class ConditionUnmet(DomainError):
    """Warn that conditions of acceptance do not hold; the person may insist, a machine never refuses."""

    code = "case.condition-unmet"
    status = 422

    def __init__(self, texts: tuple[str, ...]) -> None:
        """Keep the texts of the conditions."""
        super().__init__(conditions=texts)
        self.texts = texts


class PageUnknown(NotFound):
    """Answer that the form has no such page now."""

    code = "case.page-unknown"


class PageMoved(Conflict):
    """Refuse to go over what was saved in another window or on another device since the page was opened."""

    code = "case.page-moved"


class TooMuchTyped(Invalid):
    """Refuse to keep more than ``most_bytes`` of what was typed on one page."""

    code = "case.too-much-typed"


class AnswerUnsaved(Invalid):
    """Refuse to submit while an answer was typed anew and its page not saved."""

    code = "case.answer-unsaved"


class FieldNotAsked(Invalid):
    """Refuse a value for a field that is not asked here."""

    code = "case.field-not-asked"


class MaterialMissing(Invalid):
    """Refuse to submit without an upload that is wanted."""

    code = "case.material-missing"


class NotEligible(Forbidden):
    """Refuse to hand a task to somebody who could not take it."""

    code = "case.not-eligible"


class NothingToPay(Conflict):
    """Refuse to join bills where none waits to be paid."""

    code = "case.nothing-to-pay"


class BillsMoved(Conflict):
    """Refuse to join bills of which one was paid or taken back just now."""

    code = "case.bills-moved"


class PaymentUnavailable(Conflict):
    """Tell that the payment department does not answer now; nothing was paid."""

    code = "case.payment-unavailable"
