"""Set a password anew: the present one is shown, or phone, name and number are proven as for a registration."""

import hmac
from uuid import uuid4

from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen
from identity.domain.errors import PasswordWrong, ProofingUnavailable, RecoveryRefused, SignInNeeded
from identity.domain.passwords import LONGEST, judge
from identity.domain.values import Begun, ChallengeToken, Client, RegistrationForm, SessionToken
from identity.ports import CheckAnswer, RealNameCheck
from identity.services.challenges import Challenge, Purpose
from identity.services.parts import Parts
from identity.services.registration import BOTH_FACTORS, begin
from identity.services.throttles import Attempt

CHANGED = "identity.password-changed"
ATTEMPTED = "identity.recovery-attempted"


class Recovery:
    """Change passwords and replace forgotten ones; the owner is told either way."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts that it is made of."""
        self._parts = parts

    def start(self, form: RegistrationForm, *, client: Client) -> Begun:
        """Begin; the code goes to the phone that was typed, whether or not an account has it."""
        limits = self._parts.base.limits
        asked = (limits.recovery_address, limits.recovery_number, limits.recovery_phone)
        return begin(self._parts, form, purpose=Purpose.RECOVERY, limits=asked, client=client)

    def confirm(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Check the code, then name and number, then that the account has this phone; answer alike for every reason."""
        challenge = self._parts.challenges.check(token, code, purpose=Purpose.RECOVERY)
        details = challenge.opening.details
        known = self._parts.people.by_id_no(details["id_no"])
        answer = self._parts.ports.real_name.check(
            RealNameCheck(details["name"], details["id_no"], known or challenge.person, uuid4())
        )
        if answer is CheckAnswer.UNAVAILABLE:
            self._parts.challenges.give_back(challenge)
            raise ProofingUnavailable
        owner = known if known is not None and self._parts.people.has_account(known) else None
        if owner is None or answer is not CheckAnswer.MATCHED or not self._is_phone_of(owner, challenge):
            self._close(challenge)
            self._tell(owner, ATTEMPTED, key=f"recovery:{challenge.id}")
            raise RecoveryRefused
        session = self._replace(challenge, owner, client=client)
        self._tell(owner, CHANGED, key=f"recovery:{challenge.id}")
        return session

    def change(self, token: SessionToken, *, current: str, new: str) -> None:
        """Replace the present password, which must be shown, and end every other session."""
        held = self._parts.sessions.held(token)
        if held is None or not isinstance(held.principal, Citizen):
            raise SignInNeeded
        person, attempt = (
            held.principal.person,
            Attempt(self._parts.base.limits.password_person, str(held.principal.person)),
        )
        facts = self._parts.people.facts(person)
        accepted = judge(new, own_data=(facts.id_no, facts.phone))
        self._parts.throttles.claim(attempt)
        if not self._parts.passwords.match(self._parts.people.password_hash(person), current[: LONGEST * 4]):
            raise PasswordWrong(field="current")
        password_hash = self._parts.passwords.hash(accepted)
        with self._parts.base.db.begin() as uow:
            self._parts.people.set_password(uow, person, password_hash=password_hash)
            self._parts.sessions.end_all(uow, person, but=token)
        self._parts.throttles.clear(attempt)
        self._tell(person, CHANGED, key=f"password:{uuid4()}")

    def _is_phone_of(self, owner: PersonId, challenge: Challenge) -> bool:
        phone = self._parts.people.facts(owner).phone
        return bool(phone) and hmac.compare_digest(phone, challenge.opening.phone)

    def _replace(self, challenge: Challenge, owner: PersonId, *, client: Client) -> SessionToken:
        parts, password_hash = self._parts, challenge.opening.details["password_hash"]
        with parts.base.db.begin() as uow:
            parts.challenges.consume(uow, challenge)
            parts.people.set_password(uow, owner, password_hash=password_hash)
            parts.sessions.end_all(uow, owner)
            return parts.sessions.open_for_person(uow, owner, factors=BOTH_FACTORS, client=client)

    def _close(self, challenge: Challenge) -> None:
        with self._parts.base.db.begin() as uow:
            self._parts.challenges.consume(uow, challenge)
            self._parts.base.keys.shred(uow, challenge.opening.key)

    def _tell(self, person: PersonId | None, code: str, *, key: str) -> None:
        if person is not None:
            self._parts.ports.messenger.tell(person, code, {}, idempotency_key=key)
