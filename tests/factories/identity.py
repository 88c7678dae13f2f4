"""Build a small identity house: real database, made-up departments in memory, codes read from the desk."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.messaging.services import MessageService
from identity.domain.limits import Limits
from identity.domain.values import Client, RegistrationForm, SessionToken, Unit
from identity.ports import CheckAnswer, GuardianQuery, GuardianRecord, IdentityPorts, RealNameCheck
from identity.services.foundation import Foundation
from identity.services.officers import BuiltInIdp, NewOfficer, Officers
from identity.services.passwords import Passwords
from identity.services.people import People
from identity.services.service import IdentityService

NAME, ID_NO, PHONE, PASSWORD = "林晓禾", "470101198005010124", "12000000001", "four green teapots"
CHILD_NAME, CHILD_ID_NO = "林小满", "470101201406010234"
WARD_NAME, WARD_ID_NO = "陈安", "470102199011230458"
STRANGER_ID_NO = "470102197706161517"
BUSINESS_START = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECURITY_START = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLIENT = Client("192.0.2.1", "手机浏览器")

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class InMemoryPopulation:
    """The police's base: number -> name."""

    names: dict[str, str] = field(default_factory=lambda: {ID_NO: NAME, CHILD_ID_NO: CHILD_NAME, WARD_ID_NO: WARD_NAME})
    is_up: bool = True
    calls: int = 0

    def check(self, request: RealNameCheck) -> CheckAnswer:
        self.calls += 1
        if not self.is_up:
            return CheckAnswer.UNAVAILABLE
        is_match = self.names.get(request.id_no) == request.name
        return CheckAnswer.MATCHED if is_match else CheckAnswer.UNMATCHED


@dataclass
class InMemoryGuardians:
    """Civil affairs: ward's number -> guardians' numbers."""

    guardians: dict[str, tuple[str, ...]] = field(default_factory=lambda: {CHILD_ID_NO: (ID_NO,), WARD_ID_NO: (ID_NO,)})
    is_up: bool = True
    calls: int = 0

    def record(self, query: GuardianQuery) -> GuardianRecord:
        self.calls += 1
        if not self.is_up:
            return GuardianRecord(is_available=False)
        return GuardianRecord(is_available=True, guardian_id_nos=self.guardians.get(query.ward_id_no, ()))


class IdentityHouse:
    """Everything a test of identity talks to."""

    def __init__(self, database: Database, keys: KeyStore, *, limits: Limits | None = None) -> None:
        self.population = InMemoryPopulation()
        self.guardians = InMemoryGuardians()
        self.clock = FixedClock(BUSINESS_START)
        self.security_clock = FixedClock(SECURITY_START)
        self.base = Foundation(database, keys, self.clock, self.security_clock, limits or Limits())
        self.passwords = Passwords(CHEAP)
        self.people = People(self.base)
        self.messages = MessageService(database, keys=keys, clock=self.clock, addressees=self.people)
        ports = IdentityPorts(
            real_name=self.population,
            guardians=self.guardians,
            messenger=self.messages,
            idp=BuiltInIdp(self.base, passwords=self.passwords),
        )
        self.service = IdentityService(self.base, ports=ports, passwords=self.passwords)

    def last_code(self, phone: str = PHONE) -> str:
        """The newest code that went to the phone."""
        for message in self.messages.desk():
            if message.code == "identity.code" and message.phone == phone:
                found = re.search(r"\d{6}", message.text)
                assert found
                return found.group()
        raise AssertionError("no code was sent")

    def codes_sent(self, phone: str = PHONE) -> int:
        return sum(m.code == "identity.code" and m.phone == phone for m in self.messages.desk())

    def register(self, form: RegistrationForm | None = None, *, client: Client = CLIENT) -> SessionToken:
        form = form or a_form()
        begun = self.service.start_registration(form, client=client)
        return self.service.confirm_registration(begun.token, code=self.last_code(form.phone), client=client)

    def sign_in(self, login: str = ID_NO, *, password: str = PASSWORD, phone: str = PHONE) -> SessionToken:
        begun = self.service.start_sign_in(login, password=password, client=CLIENT)
        return self.service.confirm_sign_in(begun.token, code=self.last_code(phone), client=CLIENT)

    def citizen(self, token: SessionToken) -> Citizen:
        principal = self.service.session(token)
        assert isinstance(principal, Citizen)
        return principal

    def child(self, guardian: Citizen) -> PersonId:
        return self.service.claim_ward(guardian, name=CHILD_NAME, id_no=CHILD_ID_NO).person

    def pass_time(self, **span: float) -> None:
        self.security_clock.move_to(self.security_clock.now() + timedelta(**span))


def a_form(name: str = NAME, *, id_no: str = ID_NO, phone: str = PHONE, password: str = PASSWORD) -> RegistrationForm:
    return RegistrationForm(name, id_no, phone, password)


def wrong(code: str) -> str:
    """A code of the right form that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


HALL = Unit("dept.subdistrict", "470101", "东样区街道政务服务窗口")


def hall_officer(house: IdentityHouse, login: str) -> Officer:
    """Enter an officer of the counter of one street office."""
    new, officers = NewOfficer(login, f"{login}员", "12010009999", HALL, ("counter",)), Officers(house.base)
    with house.base.db.begin() as uow:
        officer = officers.enter(uow, new, password_hash="x")
    found = officers.at_post(officer, org=HALL.org, region=HALL.region)
    assert found is not None
    return found
