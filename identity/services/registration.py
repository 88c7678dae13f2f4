"""Register (注册): the same answer for everybody at first, then prove the phone, then name and number."""

from uuid import uuid4

from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.types import CnId, FieldType, Phone, Text
from identity.domain.assurance import TWO_ELEMENTS_MATCHED, Factor
from identity.domain.errors import ProofingUnavailable, RegistrationRefused
from identity.domain.limits import Limit
from identity.domain.passwords import judge
from identity.domain.values import Begun, ChallengeToken, Client, RegistrationForm, SessionToken
from identity.ports import CheckAnswer, RealNameCheck
from identity.services.challenges import Challenge, Opening, Purpose
from identity.services.parts import Parts
from identity.services.people import Identity, new_person_id
from identity.services.throttles import Attempt

BOTH_FACTORS = frozenset({Factor.PASSWORD, Factor.CODE})
_NAME, _ID_NO, _PHONE = Text(40), CnId(), Phone()


class Registration:
    """Open accounts for people who can show a phone and whose name and number match."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts that it is made of."""
        self._parts = parts

    def start(self, form: RegistrationForm, *, client: Client) -> Begun:
        """Begin; nothing is looked up yet, so nothing can be learnt."""
        limits = self._parts.base.limits
        asked = (limits.registration_address, limits.registration_number, limits.registration_phone)
        return begin(self._parts, form, purpose=Purpose.REGISTRATION, limits=asked, client=client)

    def confirm(self, token: ChallengeToken, *, code: str, client: Client) -> SessionToken:
        """Check the code, then name and number; open the account, or answer alike for every reason not to."""
        challenge = self._parts.challenges.check(token, code, purpose=Purpose.REGISTRATION)
        details = challenge.opening.details
        identity = Identity(details["name"], details["id_no"], challenge.opening.phone)
        known = self._parts.people.by_id_no(identity.id_no)
        answer = self._parts.ports.real_name.check(
            RealNameCheck(identity.name, identity.id_no, known or challenge.person, uuid4())
        )
        if answer is CheckAnswer.UNAVAILABLE:
            self._parts.challenges.give_back(challenge)
            raise ProofingUnavailable
        has_account = known is not None and self._parts.people.has_account(known)
        if answer is not CheckAnswer.MATCHED or has_account:
            self._refuse(challenge)
            if has_account and known is not None:
                key = f"registration:{challenge.id}"
                self._parts.ports.messenger.tell(known, "identity.registration-attempted", {}, idempotency_key=key)
            raise RegistrationRefused
        return self._open(challenge, identity, client=client)

    def _open(self, challenge: Challenge, identity: Identity, *, client: Client) -> SessionToken:
        parts, password_hash = self._parts, challenge.opening.details["password_hash"]
        with parts.base.db.begin() as uow:
            parts.challenges.consume(uow, challenge)
            person = parts.people.enter(
                uow, identity, person=challenge.person, key=challenge.opening.key, ial=TWO_ELEMENTS_MATCHED
            ) or parts.people.take_over(uow, identity, ial=TWO_ELEMENTS_MATCHED)
            if not parts.people.give_password(uow, person, password_hash=password_hash):
                raise RegistrationRefused
            return parts.sessions.open_for_person(uow, person, factors=BOTH_FACTORS, client=client)

    def _refuse(self, challenge: Challenge) -> None:
        with self._parts.base.db.begin() as uow:
            self._parts.challenges.consume(uow, challenge)
            self._parts.base.keys.shred(uow, challenge.opening.key)


def begin(
    parts: Parts, form: RegistrationForm, *, purpose: Purpose, limits: tuple[Limit, Limit, Limit], client: Client
) -> Begun:
    """Send a code to the phone that was typed, and keep what was typed until it comes back.

    Args:
        parts: what the services are made of.
        form: as typed.
        purpose: what the code is for.
        limits: of attempts from one address, for one number, to one phone.
        client: who asks.
    """
    identity, password = read_form(form)
    asked_of = (client.address, identity.id_no, identity.phone)
    parts.throttles.claim(*(Attempt(limit, key) for limit, key in zip(limits, asked_of, strict=True)))
    password_hash = parts.passwords.hash(password)
    with parts.base.db.begin() as uow:
        opening = Opening(
            purpose=purpose,
            key=parts.base.keys.create(uow),
            phone=identity.phone,
            person=new_person_id(),
            details={"name": identity.name, "id_no": identity.id_no, "password_hash": password_hash},
        )
        return parts.challenges.open(uow, opening)


def read_form(form: RegistrationForm) -> tuple[Identity, str]:
    """Return what was typed in canonical form, and the acceptable password.

    Raises:
        InvalidFields: every fault at once, each with its field.
    """
    faults: list[DomainError] = []
    name = _read("name", form.name, into=_NAME, faults=faults)
    id_no = _read("id_no", form.id_no, into=_ID_NO, faults=faults)
    phone = _read("phone", form.phone, into=_PHONE, faults=faults)
    password = ""
    try:
        password = judge(form.password, own_data=(id_no, phone))
    except DomainError as fault:
        faults.append(fault)
    if faults:
        raise InvalidFields(faults)
    return Identity(name, id_no, phone), password


def read_name_and_number(name: str, id_no: str) -> Identity:
    """Return name and citizen id in canonical form.

    Raises:
        InvalidFields: both faults at once, each with its field.
    """
    faults: list[DomainError] = []
    identity = Identity(
        _read("name", name, into=_NAME, faults=faults), _read("id_no", id_no, into=_ID_NO, faults=faults)
    )
    if faults:
        raise InvalidFields(faults)
    return identity


def _read(field: str, raw: str, *, into: FieldType, faults: list[DomainError]) -> str:
    try:
        return str(into.parse(raw))
    except DomainError as fault:
        fault.field = field
        faults.append(fault)
        return ""
