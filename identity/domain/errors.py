"""Define what identity refuses; no text or parameter ever holds personal data."""

from gov_portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class SignInRefused(DomainError):
    """Answer that number and password do not belong together; the same whether or not there is such an account."""

    code = "identity.sign-in-refused"
    status = 401


class CodeRefused(DomainError):
    """Answer that a one-time code is wrong, used or too old; the same for every reason."""

    code = "identity.code-refused"
    status = 401


class ChallengeGone(DomainError):
    """Answer that a registration or sign-in was not begun, has ended, or had too many wrong codes: begin again."""

    code = "identity.challenge-gone"
    status = 401


class TooManyAttempts(DomainError):
    """Ask to wait; ``seconds`` says how long."""

    code = "identity.too-many-attempts"
    status = 429

    def __init__(self, *, seconds: int) -> None:
        """Remember the seconds to wait."""
        super().__init__(seconds=seconds)
        self.seconds = seconds


class RegistrationRefused(DomainError):
    """Answer that no account was opened: name and number do not match, or there is one; the same for both."""

    code = "identity.registration-refused"
    status = 422


class ProofingUnavailable(DomainError):
    """Answer that the population base does not answer now; what was begun is kept."""

    code = "identity.proofing-unavailable"
    status = 424


class RecoveryRefused(DomainError):
    """Answer that no password was set: name, number and phone fit no account; the same for every reason."""

    code = "identity.recovery-refused"
    status = 422


class PasswordWrong(DomainError):
    """Answer that the present password is another one."""

    code = "identity.password-wrong"
    status = 422


class EmailInvalid(Invalid):
    """Refuse what is no e-mail address."""

    code = "identity.email-invalid"


class WardRefused(DomainError):
    """Answer that no record shows the guardianship; the same whether or not the ward exists."""

    code = "identity.ward-refused"
    status = 422


class GuardianshipUnavailable(DomainError):
    """Answer that the record of guardianships does not answer now."""

    code = "identity.guardianship-unavailable"
    status = 424


class GuardianshipEnded(Forbidden):
    """Answer that the guardianship has ended; the session goes on for the person alone."""

    code = "identity.guardianship-ended"


class SignInNeeded(DomainError):
    """Answer that the session has ended or never was."""

    code = "identity.sign-in-needed"
    status = 401


class AssuranceTooLow(DomainError):
    """Answer that the item needs a stronger proof of identity; ``ial`` and ``aal`` say which."""

    code = "identity.assurance-too-low"
    status = 401


class VisitRefused(DomainError):
    """Answer that name and number as read from the card do not belong together."""

    code = "identity.visit-refused"
    status = 422


class CardNotSeen(Invalid):
    """Refuse to identify a person whose card the officer has not seen and compared with the face."""

    code = "identity.card-not-seen"


class PurposeMissing(Invalid):
    """Refuse to identify a person without saying why they came."""

    code = "identity.purpose-missing"


class VisitUnproven(ProofingUnavailable):
    """Answer that the population base does not answer an officer at a counter now."""

    code = "identity.visit-unproven"


class VisitWardRefused(WardRefused):
    """Answer at a counter that no record shows the guardianship, for whatever reason."""

    code = "identity.visit-ward-refused"


class VisitUnknown(NotFound):
    """Answer that this officer has no such visit open: it ended, expired, or is a colleague's."""

    code = "identity.visit-unknown"


class PasswordTooShort(Invalid):
    """Refuse a password below ``minimum`` characters."""

    code = "identity.password-too-short"


class PasswordTooLong(Invalid):
    """Refuse a password above ``maximum`` characters."""

    code = "identity.password-too-long"


class PasswordTrivial(Invalid):
    """Refuse a password that is widely known, a plain pattern, or taken from the person's own data."""

    code = "identity.password-trivial"


class PersonUnknown(NotFound):
    """Answer that there is no such person."""

    code = "identity.person-unknown"


class OfficerUnknown(NotFound):
    """Answer that there is no such officer."""

    code = "identity.officer-unknown"


class SessionUnknown(NotFound):
    """Answer that this person has no such session."""

    code = "identity.session-unknown"


class WardIsSelf(Conflict):
    """Refuse to enter oneself as one's ward."""

    code = "identity.ward-is-self"


class UnitUnknown(NotFound):
    """Answer that there is no such unit."""

    code = "identity.unit-unknown"


class SystemKeyUnknown(NotFound):
    """Answer that there is no such key, or not any more."""

    code = "identity.system-key-unknown"
