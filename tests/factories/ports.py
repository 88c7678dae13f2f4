"""Doubles of what the workflows need; they implement the real protocols and pass the same contract tests."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4, uuid5

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import CaseId, KeyId, LicenceId, OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer
from workflows.domain.commands import ResultKind
from workflows.ports import (
    BillRequest,
    BillStanding,
    DataAnswer,
    DataRequest,
    HeldLicence,
    IssuedLicence,
    IssueRequest,
    JointRequest,
    NoticeRequest,
    Office,
    PartnerRefused,
    PartnerUnavailable,
    PersonFacts,
    Ports,
    PredicateRequest,
    Reading,
    SendRequest,
)

SPACE = UUID("5f2c1d5e-0000-4000-8000-000000000000")
DISTRICT = "470101"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass
class InMemoryExchange:
    """Answers from a dictionary of records; ``down`` departments do not answer."""

    records: dict[str, dict[str, Mapping[str, object]]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    asked: list[DataRequest] = field(default_factory=list)
    facts: dict[tuple[str, PersonId], bool] = field(default_factory=dict)
    predicates: list[PredicateRequest] = field(default_factory=list)

    def holds(self, request: PredicateRequest) -> bool | None:
        self.predicates.append(request)
        return None if request.resource in self.down else self.facts.get((request.resource, request.subject), False)

    def ask(self, request: DataRequest) -> DataAnswer:
        self.asked.append(request)
        if request.resource in self.down:
            return DataAnswer(ResultKind.UNAVAILABLE)
        if request.hands:
            return DataAnswer(ResultKind.DONE)
        record = self.records.get(request.resource, {}).get(request.key)
        if record is None:
            return DataAnswer(ResultKind.ABSENT)
        for name, value in request.match.items():
            if str(record.get(name)) != str(value):
                return DataAnswer(ResultKind.MISMATCH, {}, "e-1")
        return DataAnswer(ResultKind.FOUND, {name: record[name] for name in request.fields if name in record}, "e-1")


@dataclass
class InMemoryLicences:
    issued: dict[str, tuple[IssueRequest, IssuedLicence]] = field(default_factory=dict)
    revoked: list[LicenceId] = field(default_factory=list)
    wallet: list[HeldLicence] = field(default_factory=list)
    is_down: bool = False
    refuses: bool = False

    def issue(self, request: IssueRequest) -> IssuedLicence:
        if self.is_down:
            raise PartnerUnavailable
        if self.refuses:
            raise PartnerRefused
        if request.idempotency_key not in self.issued:
            licence = IssuedLicence(request.replaces or LicenceId(uuid4()), f"V{len(self.issued):07d}")
            self.issued[request.idempotency_key] = (request, licence)
        return self.issued[request.idempotency_key][1]

    def ending(self, *, kind: str, first_on: date, last_on: date) -> tuple[tuple[PersonId, HeldLicence], ...]:
        return ()

    def held(self, holder: PersonId, *, kind: str) -> tuple[HeldLicence, ...]:
        return tuple(one for one in self.wallet if one.kind == kind)

    def revoke(self, licence: LicenceId, *, reason: str, idempotency_key: str) -> None:
        if self.is_down:
            raise PartnerUnavailable
        if licence not in self.revoked:
            self.revoked.append(licence)


@dataclass
class InMemoryDeliveries:
    sent: list[SendRequest] = field(default_factory=list)

    def send(self, request: SendRequest) -> ResultKind:
        self.sent.append(request)
        return ResultKind.DONE


@dataclass
class InMemoryNotices:
    made: list[NoticeRequest] = field(default_factory=list)

    def make(self, request: NoticeRequest) -> bytes:
        self.made.append(request)
        return PDF


@dataclass
class InMemoryOfficers:
    """One unit per department and region, with the officers that were added to it."""

    posts: list[Officer] = field(default_factory=list)

    def add(self, name: str, *, org: str, role: str, rank: str = "", region: str = DISTRICT) -> Officer:
        officer = Officer(OfficerId(uuid5(SPACE, name)), org, region, frozenset({role}), rank, aal=2)
        self.posts.append(officer)
        return officer

    def nearest(self, org: str, region: str | None) -> Office | None:
        regions = {post.region for post in self.posts if post.org == org}
        if region is None:
            return Office(org, min(regions), f"{org} {min(regions)}") if regions else None
        holding = [own for own in regions if region.startswith(own.rstrip("0"))]
        best = max(holding, key=lambda own: len(own.rstrip("0")), default=None)
        return None if best is None else Office(org, best, f"{org} {best}")

    def eligible(self, office: Office, *, role: str, rank: str | None) -> tuple[OfficerId, ...]:
        found = [
            post.officer
            for post in self.posts
            if (post.org, post.region) == (office.org, office.region)
            and role in post.roles
            and (rank is None or rank == post.rank)
        ]
        return tuple(sorted(found))

    def at_post(self, officer: OfficerId, *, org: str, region: str) -> Officer | None:
        held = (post for post in self.posts if (post.officer, post.org, post.region) == (officer, org, region))
        return next(held, None)

    def names(self, officers: Collection[OfficerId]) -> Mapping[OfficerId, str]:
        return {officer: f"officer {str(officer)[:4]}" for officer in officers}


@dataclass
class InMemoryPeople:
    """Persons with real envelope keys, since the cases' rows point at them."""

    db: Database
    keys: KeyStore
    known: dict[PersonId, tuple[PersonFacts, KeyId]] = field(default_factory=dict)
    guardians: set[tuple[PersonId, PersonId]] = field(default_factory=set)

    def add(self, name: str, *, id_no: str, phone: str = "12000000001") -> Citizen:
        person = PersonId(uuid5(SPACE, id_no))
        with self.db.begin() as uow:
            key = self.keys.create(uow)
        birth = date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
        self.known[person] = (PersonFacts(name, id_no, phone, birth), key)
        return Citizen(person, ial=4, aal=2)

    def facts(self, person: PersonId) -> PersonFacts:
        return self.known[person][0]

    def key_of(self, person: PersonId) -> KeyId:
        return self.known[person][1]

    def find(self, id_no: str) -> PersonId | None:
        return next((person for person, (facts, _) in self.known.items() if facts.id_no == id_no), None)

    person_of = find

    def masked_names(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        return {person: self.known[person][0].name[:1] + "*" for person in persons}

    def phones(self, persons: Collection[PersonId]) -> Mapping[PersonId, str]:
        return {person: phone for person in persons if (phone := self.known[person][0].phone)}

    def with_accounts(self, *, after: PersonId | None, most: int) -> tuple[PersonId, ...]:
        return tuple(sorted(one for one in self.known if after is None or one > after))[:most]

    def is_guardian(self, guardian: PersonId, ward: PersonId) -> bool:
        return (guardian, ward) in self.guardians


@dataclass
class InMemoryMessages:
    told: dict[str, tuple[PersonId, str, Mapping[str, object]]] = field(default_factory=dict)

    def tell(self, person: PersonId, code: str, params: Mapping[str, object], *, idempotency_key: str) -> None:
        self.told.setdefault(idempotency_key, (person, code, params))

    @property
    def codes(self) -> list[str]:
        return [code for _, code, _ in self.told.values()]


@dataclass
class InMemoryPayments:
    """Keep bills; ``is_down`` while nobody answers."""

    bills: dict[tuple[CaseId, str, int], BillStanding] = field(default_factory=dict)
    joined: set[tuple[tuple[CaseId, str, int], ...]] = field(default_factory=set)
    is_down: bool = False

    def bill(self, request: BillRequest) -> None:
        self._answer()
        key = (request.case, request.step, request.visit)
        amount = sum(fen for _, fen in request.lines)
        placed = BillStanding(request.step, request.visit, "placed", amount, "https://pay.example/1")
        self.bills.setdefault(key, placed)

    def take_back(self, case: CaseId, step: str, visit: int, *, refund_fen: int) -> None:
        self._answer()
        known = self.bills.get((case, step, visit))
        if known is not None and known.state == "paid":
            self.bills[case, step, visit] = replace(known, state="refunded", refunded_fen=refund_fen)
        elif known is not None and known.state == "placed":
            self.bills[case, step, visit] = replace(known, state="cancelled")

    def join(self, request: JointRequest) -> str:
        self._answer()
        if any(self.bills[bill].state != "placed" for bill in request.bills):
            raise PartnerRefused
        self.joined.add(request.bills)
        return self.joint_url(request)

    def joint_url(self, request: JointRequest) -> str:
        self._answer()
        return "https://pay.example/all" if request.bills in self.joined else ""

    def standings(self, case: CaseId) -> tuple[BillStanding, ...]:
        return tuple(bill for key, bill in self.bills.items() if key[0] == case)

    def pay(self, case: CaseId, step: str, visit: int = 1) -> None:
        self.bills[case, step, visit] = replace(self.bills[case, step, visit], state="paid")

    def _answer(self) -> None:
        if self.is_down:
            raise PartnerUnavailable


@dataclass
class InMemoryReadings:
    """Keep who read what."""

    noted: list[Reading] = field(default_factory=list)

    def note(self, reading: Reading) -> None:
        self.noted.append(reading)


@dataclass
class Doubles:
    """Every double, and the ports made of them."""

    people: InMemoryPeople
    exchange: InMemoryExchange = field(default_factory=InMemoryExchange)
    licences: InMemoryLicences = field(default_factory=InMemoryLicences)
    deliveries: InMemoryDeliveries = field(default_factory=InMemoryDeliveries)
    notices: InMemoryNotices = field(default_factory=InMemoryNotices)
    officers: InMemoryOfficers = field(default_factory=InMemoryOfficers)
    messages: InMemoryMessages = field(default_factory=InMemoryMessages)
    payments: InMemoryPayments = field(default_factory=InMemoryPayments)
    readings: InMemoryReadings = field(default_factory=InMemoryReadings)

    @property
    def ports(self) -> Ports:
        return Ports(
            exchange=self.exchange,
            licences=self.licences,
            deliveries=self.deliveries,
            notices=self.notices,
            officers=self.officers,
            people=self.people,
            messages=self.messages,
            payments=self.payments,
            readings=self.readings,
        )
