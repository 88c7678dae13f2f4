"""Name every reason for which the engine refuses a command; nothing has changed then."""

from collections.abc import Iterable

from gov_portal.kernel.errors import DomainError


class TransitionRefused(DomainError):
    """Refuse a command that the case does not allow now."""

    code = "case.refused"
    status = 409


class StaleTask(TransitionRefused):
    """Refuse to act on a task that is gone: somebody was quicker, or the case has moved on."""

    code = "case.stale-task"


class CaseNotOpen(TransitionRefused):
    """Refuse what needs an open case."""

    code = "case.not-open"


class CaseNotDraft(TransitionRefused):
    """Refuse what needs a draft."""

    code = "case.not-draft"


class CaseSuspended(TransitionRefused):
    """Refuse what cannot be done while the case is suspended (挂起)."""

    code = "case.suspended"


class CaseNotSuspended(TransitionRefused):
    """Refuse to resume what is not suspended."""

    code = "case.not-suspended"


class NotYourTask(TransitionRefused):
    """Refuse an actor who does not hold the post, or whose colleague has the task."""

    code = "case.not-your-task"
    status = 403


class NotPermitted(TransitionRefused):
    """Refuse an actor whom the item does not name for this."""

    code = "case.not-permitted"
    status = 403


class AssuranceTooLow(TransitionRefused):
    """Refuse a person whose identity assurance is below what the item asks."""

    code = "case.assurance"
    status = 403


class FourEyes(TransitionRefused):
    """Refuse an officer who already acted in a step that another person must have done."""

    code = "case.four-eyes"
    status = 403


class ActUnknown(TransitionRefused):
    """Refuse an act that the task does not offer."""

    code = "case.act-unknown"
    status = 422


class ActNotAllowed(TransitionRefused):
    """Refuse an act whose condition (``only``) does not hold."""

    code = "case.act-not-allowed"


class ActUsedUp(TransitionRefused):
    """Refuse an act that was chosen as often as it may be."""

    code = "case.act-used-up"


class AnswerAwaited(TransitionRefused):
    """Refuse an act that waits for the answer to a question (请示)."""

    code = "case.answer-awaited"


class NoConsultingNow(TransitionRefused):
    """Refuse a question from a task or to a role that the item does not name, or while one to it is open."""

    code = "case.no-consulting-now"


class ReasonMissing(TransitionRefused):
    """Refuse an act that needs a reason."""

    code = "case.reason-missing"
    status = 422


class FieldNotHere(TransitionRefused):
    """Refuse a field that this step does not write."""

    code = "case.field-not-here"
    status = 422


class FieldMissing(TransitionRefused):
    """Refuse because fields are missing; ``fields`` lists all of them at once."""

    code = "case.field-missing"
    status = 422

    def __init__(self, fields: Iterable[str]) -> None:
        """Keep the paths."""
        self.fields = tuple(fields)
        super().__init__(field=self.fields[0], fields=", ".join(self.fields))


class MaterialOwed(TransitionRefused):
    """Refuse to decide while a paper that may follow has not come."""

    code = "case.material-owed"


class MarksMissing(TransitionRefused):
    """Refuse a supplement notice that marks nothing, or marks without a reason."""

    code = "case.marks-missing"
    status = 422


class MarkUnknown(TransitionRefused):
    """Refuse to mark what is no field or material of the application."""

    code = "case.mark-unknown"
    status = 422


class MarkOutOfScope(TransitionRefused):
    """Refuse a later notice that marks what the first did not name and the applicant did not change (一次性告知)."""

    code = "case.mark-out-of-scope"


class WrongCommand(TransitionRefused):
    """Refuse an act on a draft or a supplement: these are submitted and handed in."""

    code = "case.wrong-command"


class VoteCast(TransitionRefused):
    """Refuse a second vote of one officer, or handing a vote over."""

    code = "case.vote-cast"


class ElectorateShort(TransitionRefused):
    """Refuse to open a vote for which too few officers hold the post."""

    code = "case.electorate-short"


class BillFixed(TransitionRefused):
    """Refuse to correct a bill that is not open, or that nobody may correct."""

    code = "case.bill-fixed"


class BillLineWrong(TransitionRefused):
    """Refuse a correction of a line that the bill does not have, to less than nothing, or of nothing at all."""

    code = "case.bill-line-wrong"
    status = 422


class SignersFixed(TransitionRefused):
    """Refuse to change who signs a step that is not open or whose signers nobody chooses."""

    code = "case.signers-fixed"


class SignerUnknown(TransitionRefused):
    """Refuse a signer who cannot sign or has signed, or the last one that would be left."""

    code = "case.signer-unknown"
    status = 422


class RoleUnknown(TransitionRefused):
    """Refuse because no role is named where one is chosen by a field; the linter proves that it cannot happen."""

    code = "case.role-unknown"


class WithdrawalTooLate(TransitionRefused):
    """Refuse to withdraw after the result was applied, or where the item knows no withdrawal."""

    code = "case.withdrawal-too-late"


class GroundUnknown(TransitionRefused):
    """Refuse a suspension on a ground that the item does not list."""

    code = "case.ground-unknown"
    status = 422


class SuspensionUsedUp(TransitionRefused):
    """Refuse a suspension after the longest time that the item allows."""

    code = "case.suspension-used-up"


class ClockNotRunning(TransitionRefused):
    """Refuse to extend a limit that has not begun or is over."""

    code = "case.clock-not-running"


class DeadlinePassed(TransitionRefused):
    """Refuse to extend after the deadline."""

    code = "case.deadline-passed"


class ExtensionUsedUp(TransitionRefused):
    """Refuse a further extension, or one that the item does not know."""

    code = "case.extension-used-up"


class UrgedAlready(TransitionRefused):
    """Refuse to urge again so soon."""

    code = "case.urged-already"
    status = 429


class NoObjectionNow(TransitionRefused):
    """Refuse an objection to what is not open to objections."""

    code = "case.no-objection-now"


class ObjectedAlready(TransitionRefused):
    """Refuse a second objection of the same person before the first is answered."""

    code = "case.objected-already"


class NoAppealNow(TransitionRefused):
    """Refuse an appeal that the outcome does not open, that is too late or that was made already."""

    code = "case.no-appeal-now"


class CaseNotClosed(TransitionRefused):
    """Refuse to correct a case that is not closed: an open one is corrected by its own acts."""

    code = "case.not-closed"


class CorrectedAlready(TransitionRefused):
    """Refuse to correct a case twice; what corrected it may be corrected in its turn."""

    code = "case.corrected-already"


class TableGap(TransitionRefused):
    """Refuse because a decision table has no row for the values; the linter proves that it cannot happen."""

    code = "case.table-gap"


class ResultUnknown(TransitionRefused):
    """Refuse a result for a step that the item does not have."""

    code = "case.result-unknown"
