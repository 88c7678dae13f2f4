"""Sign in (登录) with password and one-time code, citizens and officers alike."""

import unicodedata

from gov_portal.kernel.monitoring.metrics import SIGN_INS
from gov_portal.kernel.types import CnId, FieldType, Phone, ValueRefused
from identity.domain.assurance import Factor
from identity.domain.errors import SignInRefused
from identity.domain.values import Begun, ChallengeToken, Client, SessionToken
from identity.services.challenges import Opening, Purpose
from identity.services.officers import Officers
from identity.services.parts import Parts
from identity.services.throttles import Attempt

BOTH_FACTORS = frozenset({Factor.PASSWORD, Factor.CODE})
_FORMS: tuple[FieldType, ...] = (CnId(), Phone())
_LONGEST_PASSWORD = 1000
_CITIZEN, _OFFICER = "citizen", "officer"
_OPENED, _REFUSED = "opened", "refused"


class SignIn:
    """Open sessions; every attempt is counted before the password is looked at, and forgiven once it succeeds."""

    def __init__(self, parts: Parts, *, officers: Officers) -> None:
        """Take the parts that it is made of."""
        self._parts = parts
        self._officers = officers

    def start(self, login: str, *, password: str, client: Client) -> Begun:
        """Check a citizen's password and send a code."""
        # Number and phone of an account are counted apart: a shared counter would tell that they belong together.
        self._claim(_citizen_subject(canonical(login)), client=client)
        account = self._parts.people.account(canonical(login))
        is_right = self._parts.passwords.match(account.password_hash if account else None, password[:_LONGEST_PASSWORD])
        if account is None or not is_right:
            self._count(_CITIZEN, _REFUSED)
            raise SignInRefused
        known = self._parts.people.facts(account.person)
        opening = Opening(purpose=Purpose.SIGN_IN, key=known.key, phone=known.phone, person=account.person)
        return self._open(opening)

    def confirm(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Check a citizen's code and open the session."""
        challenge = self._parts.challenges.check(token, code, purpose=Purpose.SIGN_IN)
        with self._parts.base.db.begin() as uow:
            self._parts.challenges.consume(uow, challenge)
            session = self._parts.sessions.open_for_person(uow, challenge.person, factors=BOTH_FACTORS, client=client)
        self._count(_CITIZEN, _OPENED)
        known = self._parts.people.facts(challenge.person)
        self._forgive(_citizen_subject(known.id_no), _citizen_subject(known.phone), client=client)
        return session

    def start_officer(self, login: str, *, password: str, client: Client) -> Begun:
        """Check an officer's password and send a code."""
        self._claim(_officer_subject(login), client=client)
        account = self._parts.ports.idp.authenticate(login, password[:_LONGEST_PASSWORD])
        if account is None:
            self._count(_OFFICER, _REFUSED)
            raise SignInRefused
        opening = Opening(
            purpose=Purpose.OFFICER_SIGN_IN,
            key=account.key,
            phone=account.phone,
            officer=account.officer,
            details={"login": login},
        )
        return self._open(opening)

    def confirm_officer(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Check an officer's code and open the session at the officer's unit."""
        challenge = self._parts.challenges.check(token, code, purpose=Purpose.OFFICER_SIGN_IN)
        unit = self._officers.unit_of(challenge.officer)
        with self._parts.base.db.begin() as uow:
            self._parts.challenges.consume(uow, challenge)
            session = self._parts.sessions.open_for_officer(
                uow, challenge.officer, unit=unit, factors=BOTH_FACTORS, client=client
            )
        self._count(_OFFICER, _OPENED)
        self._forgive(_officer_subject(challenge.opening.details["login"]), client=client)
        return session

    def send_again(self, token: ChallengeToken) -> Begun:
        """Send a fresh code for anything begun, a registration included."""
        opening = self._parts.challenges.find(token).opening
        limits = self._parts.base.limits
        if opening.purpose is Purpose.REGISTRATION:
            self._parts.throttles.claim(Attempt(limits.registration_phone, opening.phone))
        elif opening.purpose is Purpose.RECOVERY:
            self._parts.throttles.claim(Attempt(limits.recovery_phone, opening.phone))
        elif opening.purpose is Purpose.EMAIL:
            self._parts.throttles.claim(Attempt(limits.email_address, opening.email))
        else:
            self._parts.throttles.claim(Attempt(limits.code_account, _holder(opening)))
        return self._parts.challenges.renew(token)

    def _count(self, kind: str, outcome: str) -> None:
        self._parts.base.tally.add(SIGN_INS, kind, outcome)

    def _open(self, opening: Opening) -> Begun:
        self._parts.throttles.claim(Attempt(self._parts.base.limits.code_account, _holder(opening)))
        with self._parts.base.db.begin() as uow:
            return self._parts.challenges.open(uow, opening)

    def _claim(self, subject: str, *, client: Client) -> None:
        limits = self._parts.base.limits
        self._parts.throttles.claim(
            Attempt(limits.sign_in_account, subject), Attempt(limits.sign_in_address, client.address)
        )

    def _forgive(self, *subjects: str, client: Client) -> None:
        limits = self._parts.base.limits
        for subject in subjects:
            self._parts.throttles.clear(Attempt(limits.sign_in_account, subject))
        self._parts.throttles.give_back(Attempt(limits.sign_in_address, client.address))


def canonical(login: str) -> str:
    """Return a citizen id or phone in its canonical form; anything else as typed, and no account has it."""
    for form in _FORMS:
        try:
            return str(form.parse(login))
        except ValueRefused:
            continue
    return unicodedata.normalize("NFKC", login[:100])


def _citizen_subject(login: str) -> str:
    return f"login:{login}"


def _officer_subject(login: str) -> str:
    return f"officer:{login.strip().casefold()}"


def _holder(opening: Opening) -> str:
    return str(opening.person or opening.officer)
