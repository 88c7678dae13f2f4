"""Offer every use case of identity behind one door."""

from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.ids import OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer
from identity.domain.values import (
    Begun,
    ChallengeToken,
    Client,
    OfficerFacts,
    PersonFacts,
    PostView,
    RegistrationForm,
    SessionId,
    SessionToken,
    SessionView,
    WardView,
)
from identity.ports import IdentityPorts
from identity.services.absences import Absences
from identity.services.contact import Contact
from identity.services.counter import Counter
from identity.services.foundation import Foundation
from identity.services.officers import Officers
from identity.services.parts import Parts
from identity.services.passwords import Passwords
from identity.services.recovery import Recovery
from identity.services.registration import Registration
from identity.services.sign_in import SignIn
from identity.services.systems import Systems, is_key
from identity.services.wards import Wards


class IdentityService:
    """Register, sign in and out, list sessions, act for a ward, and tell who a person is."""

    def __init__(self, base: Foundation, *, ports: IdentityPorts, passwords: Passwords | None = None) -> None:
        """Build the use cases on one foundation; ``passwords`` sets other costs of hashing."""
        self._parts = Parts.assemble(base, ports=ports, passwords=passwords or Passwords())
        self._officers = Officers(base)
        self._registration = Registration(self._parts)
        self._sign_in = SignIn(self._parts, officers=self._officers)
        self._wards = Wards(self._parts)
        self._recovery = Recovery(self._parts)
        self._contact = Contact(self._parts)
        self.systems = Systems(base)
        self.counter = Counter(self._parts, wards=self._wards)
        self.absences = Absences(base, officers=self._officers)

    def start_registration(self, form: RegistrationForm, *, client: Client) -> Begun:
        """Begin a registration (注册); the answer and the work are the same for every well-formed form.

        Raises:
            InvalidFields: name, number, phone or password are malformed; each fault carries its field.
            TooManyAttempts: for this address, number or phone; says how many seconds to wait.
        """
        return self._registration.start(form, client=client)

    def confirm_registration(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Prove the phone by the code, check name and number with the population base, open account and session.

        Raises:
            CodeRefused, ChallengeGone: the code is wrong; too many were, or the time is over.
            RegistrationRefused: no match, or there is an account; the same for both.
            ProofingUnavailable: the population base does not answer; the same code may be tried again.
        """
        return self._registration.confirm(token, code=code, client=client)

    def start_sign_in(self, login: str, *, password: str, client: Client) -> Begun:
        """Check the password of a number or phone and send a code.

        Raises:
            SignInRefused: no such account or wrong password; the same for both.
            TooManyAttempts: wait so many seconds.
        """
        return self._sign_in.start(login, password=password, client=client)

    def confirm_sign_in(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Open the session with the second factor.

        Raises:
            CodeRefused, ChallengeGone: as for registration.
        """
        return self._sign_in.confirm(token, code=code, client=client)

    def start_officer_sign_in(self, login: str, *, password: str, client: Client) -> Begun:
        """Check an officer's login name and password and send a code; errors as for citizens."""
        return self._sign_in.start_officer(login, password=password, client=client)

    def confirm_officer_sign_in(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Open the officer's session with the second factor."""
        return self._sign_in.confirm_officer(token, code=code, client=client)

    def officer_signing(self, login: str, password: str, *, role: str) -> Officer | None:
        """Return the officer of an account at the unit where they hold a role; ``None`` where anything is wrong.

        For commands on the machine itself: no session is opened and no code sent.
        """
        account = self._parts.ports.idp.authenticate(login, password)
        posts = self._officers.posts(account.officer) if account else ()
        here = next((post.unit for post in posts if role in post.roles), None)
        if account is None or here is None:
            return None
        return self._officers.at_post(account.officer, org=here.org, region=here.region)

    def send_code_again(self, token: ChallengeToken) -> Begun:
        """Send a fresh code for what was begun; the earlier one is void.

        Raises:
            ChallengeGone, TooManyAttempts: nothing to send for; too often.
        """
        return self._sign_in.send_again(token)

    def start_recovery(self, form: RegistrationForm, *, client: Client) -> Begun:
        """Begin to set a forgotten password anew (忘记密码); nothing is looked up, so nothing can be learnt.

        Raises:
            InvalidFields, TooManyAttempts: as for a registration.
        """
        return self._recovery.start(form, client=client)

    def confirm_recovery(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Prove the phone by the code and name and number with the population base; set the password, open a session.

        Every other session of the person ends.

        Raises:
            CodeRefused, ChallengeGone, ProofingUnavailable: as for a registration.
            RecoveryRefused: no account of that name, number and phone; the same for every reason.
        """
        return self._recovery.confirm(token, code=code, client=client)

    def change_password(self, token: SessionToken, *, current: str, new: str) -> None:
        """Put a new password in the place of the present one; every other session of the person ends.

        Raises:
            PasswordWrong: the present password is another.
            PasswordTooShort, PasswordTooLong, PasswordTrivial: the new one is not acceptable.
            TooManyAttempts: wait so many seconds.
        """
        self._recovery.change(token, current=current, new=new)

    def start_email(self, by: Citizen, *, email: str) -> Begun:
        """Send a code to an e-mail address that a person wants on their account.

        Raises:
            EmailInvalid: it is no address.
            TooManyAttempts: wait so many seconds.
        """
        return self._contact.start(by, email=email)

    def confirm_email(self, by: Citizen, token: ChallengeToken, *, code: str) -> str:
        """Put the address on the account once its code is right; return the address.

        Raises:
            CodeRefused, ChallengeGone: as for a registration; also where somebody else began it.
        """
        return self._contact.confirm(by, token, code=code)

    def remove_email(self, by: Citizen) -> None:
        """Take the e-mail address from the account."""
        self._contact.remove(by)

    def session(self, token: SessionToken) -> Citizen | Officer | None:
        """Return who holds the session, by one statement; ``None`` when it ended, expired or never was.

        Raises:
            GuardianshipEnded: it acted for a ward whose guardianship is over; the session goes on for the person
                alone from the next request.
        """
        return self._parts.sessions.principal(token)

    def bearer(self, token: str) -> Citizen | Officer | None:
        """Return who sends a bearer token: the holder of a session, or a department's system by its key.

        Raises:
            GuardianshipEnded: as for ``session``.
        """
        return self.systems.principal(token) if is_key(token) else self.session(SessionToken(token))

    def sign_out(self, token: SessionToken) -> None:
        """End the session; an unknown token is fine."""
        self._parts.sessions.end(token)

    def sessions(self, token: SessionToken) -> tuple[SessionView, ...]:
        """List the open sessions of the holder, the latest first."""
        return self._parts.sessions.list_open(token)

    def end_session(self, token: SessionToken, *, session: SessionId) -> None:
        """End one session of the same holder.

        Raises:
            SessionUnknown: the holder has no such open session.
        """
        self._parts.sessions.end_one(token, session)

    def wards(self, person: PersonId) -> tuple[WardView, ...]:
        """List whom the person may act for; records older than a day are checked anew first."""
        return self._wards.list_living(person)

    def claim_ward(self, by: Citizen, *, name: str, id_no: str) -> WardView:
        """Enter a ward by name and number, where the shared record shows the guardianship.

        Raises:
            WardRefused: no such record; the same whether or not the ward exists.
            GuardianshipUnavailable: the department does not answer.
            TooManyAttempts: wait so many seconds.
        """
        return self._wards.claim(by, name=name, id_no=id_no)

    def act_for(self, token: SessionToken, *, ward: PersonId | None) -> Citizen:
        """Let the session act for a ward from now on, or with ``None`` for the person alone.

        Raises:
            GuardianshipEnded: there is no living guardianship over this ward.
            SignInNeeded: the session is over.
        """
        return self._wards.act_for(token, ward=ward)

    def is_guardian(self, guardian: PersonId, *, ward: PersonId) -> bool:
        """Tell whether a living guardianship record stands, by its row."""
        return self._wards.is_guardian(guardian, ward=ward)

    def end_guardianship(self, guardian: PersonId, *, ward: PersonId, because: str) -> None:
        """End a guardianship at once, as when the department reports a change; the next request feels it."""
        self._wards.end(guardian, ward=ward, because=because)

    def facts(self, person: PersonId) -> PersonFacts:
        """Return who the person is, in plain text.

        Raises:
            PersonUnknown: there is no such person.
        """
        return self._parts.people.facts(person)

    def officer_facts(self, officer: OfficerId) -> OfficerFacts:
        """Return name and posts of an officer.

        Raises:
            OfficerUnknown: there is no such officer.
        """
        return self._officers.facts(officer)

    def posts(self, officer: OfficerId) -> tuple[PostView, ...]:
        """Return the units where an officer may work, with roles and rank."""
        return self._officers.posts(officer)

    def switch_unit(self, token: SessionToken, *, org: str, region: str) -> None:
        """Let an officer's session stand at another of their units from now on.

        Raises:
            Forbidden: no post there, or the session is over.
        """
        if not self._parts.sessions.set_unit(token, org=org, region=region):
            raise Forbidden

    def tidy(self) -> None:
        """Remove what has ended long ago and shred the keys of registrations that came to nothing; run it daily."""
        self._wards.tidy()
        self._parts.challenges.tidy()
        self._parts.sessions.tidy()
        self._parts.throttles.tidy()
