"""Offer every use case of identity behind one door."""

from gov_portal.kernel.ids import OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer
from identity.domain.values import (
    Begun,
    ChallengeToken,
    Client,
    OfficerFacts,
    PersonFacts,
    RegistrationForm,
    SessionId,
    SessionToken,
    SessionView,
    WardView,
)


class IdentityService:
    """Register, sign in and out, list sessions, act for a ward, and tell who a person is."""

    def start_registration(self, form: RegistrationForm, *, client: Client) -> Begun:
        """Begin a registration (注册); the answer and the work are the same for every well-formed form.

        Raises:
            InvalidFields: name, number, phone or password are malformed; each fault carries its field.
            TooManyAttempts: for this address, number or phone; says how many seconds to wait.
        """
        raise NotImplementedError

    def confirm_registration(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Prove the phone by the code, check name and number with the population base, open account and session.

        Raises:
            CodeRefused, ChallengeGone: the code is wrong; too many were, or the time is over.
            RegistrationRefused: no match, or there is an account; the same for both.
            ProofingUnavailable: the population base does not answer; the same code may be tried again.
        """
        raise NotImplementedError

    def start_sign_in(self, login: str, *, password: str, client: Client) -> Begun:
        """Check the password of a number or phone and send a code.

        Raises:
            SignInRefused: no such account or wrong password; the same for both.
            TooManyAttempts: wait so many seconds.
        """
        raise NotImplementedError

    def confirm_sign_in(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Open the session with the second factor.

        Raises:
            CodeRefused, ChallengeGone: as for registration.
        """
        raise NotImplementedError

    def start_officer_sign_in(self, login: str, *, password: str, client: Client) -> Begun:
        """Check an officer's login name and password and send a code; errors as for citizens."""
        raise NotImplementedError

    def confirm_officer_sign_in(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Open the officer's session with the second factor."""
        raise NotImplementedError

    def send_code_again(self, token: ChallengeToken) -> Begun:
        """Send a fresh code for what was begun; the earlier one is void.

        Raises:
            ChallengeGone, TooManyAttempts: nothing to send for; too often.
        """
        raise NotImplementedError

    def session(self, token: SessionToken) -> Citizen | Officer | None:
        """Return who holds the session, by one statement; ``None`` when it ended, expired or never was.

        Raises:
            GuardianshipEnded: it acted for a ward whose guardianship is over; the session goes on for the person
                alone from the next request.
        """
        raise NotImplementedError

    def sign_out(self, token: SessionToken) -> None:
        """End the session; an unknown token is fine."""
        raise NotImplementedError

    def sessions(self, token: SessionToken) -> tuple[SessionView, ...]:
        """List the open sessions of the holder, the latest first."""
        raise NotImplementedError

    def end_session(self, token: SessionToken, *, session: SessionId) -> None:
        """End one session of the same holder.

        Raises:
            SessionUnknown: the holder has no such open session.
        """
        raise NotImplementedError

    def wards(self, person: PersonId) -> tuple[WardView, ...]:
        """List whom the person may act for; records older than a day are checked anew first."""
        raise NotImplementedError

    def claim_ward(self, by: Citizen, *, name: str, id_no: str) -> WardView:
        """Enter a ward by name and number, where the shared record shows the guardianship.

        Raises:
            WardRefused: no such record; the same whether or not the ward exists.
            GuardianshipUnavailable: the department does not answer.
            TooManyAttempts: wait so many seconds.
        """
        raise NotImplementedError

    def act_for(self, token: SessionToken, *, ward: PersonId | None) -> Citizen:
        """Let the session act for a ward from now on, or with ``None`` for the person alone.

        Raises:
            GuardianshipEnded: there is no living guardianship over this ward.
            SignInNeeded: the session is over.
        """
        raise NotImplementedError

    def is_guardian(self, guardian: PersonId, *, ward: PersonId) -> bool:
        """Tell whether a living guardianship record stands, by its row."""
        raise NotImplementedError

    def facts(self, person: PersonId) -> PersonFacts:
        """Return who the person is, in plain text.

        Raises:
            PersonUnknown: there is no such person.
        """
        raise NotImplementedError

    def officer_facts(self, officer: OfficerId) -> OfficerFacts:
        """Return name and posts of an officer.

        Raises:
            OfficerUnknown: there is no such officer.
        """
        raise NotImplementedError
