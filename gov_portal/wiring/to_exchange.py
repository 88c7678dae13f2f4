"""Join identity and workflows to the exchange: every question to a department goes through its one door."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from gov_portal.exchange.domain import (
    PREDICATE_FIELD,
    AccessRefused,
    AccountProofing,
    Answer,
    AnswerKind,
    CaseFacts,
    LiveCase,
    Query,
    ResourceId,
    StandingProgramme,
    Submission,
)
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel.ids import CaseId, PersonId
from gov_portal.kernel.principal import Citizen, Platform, Principal
from identity.domain.values import PersonFacts as IdentityFacts
from identity.ports import CheckAnswer, GuardianQuery, GuardianRecord, RealNameCheck
from workflows.domain.commands import ResultKind
from workflows.ports import DataAnswer, DataRequest, PredicateRequest, SendRequest
from workflows.services.register import CaseRegister

REAL_NAME_PURPOSE = "real-name-check"
GUARDIANSHIP_PURPOSE = "guardianship"
DELIVERY_PURPOSE = "delivery"
DELIVERED_BY_POST = "post"


class KnownPeople(Protocol):
    """Know persons by id."""

    def facts(self, person: PersonId) -> IdentityFacts:
        """Return who the person is."""
        ...

    def addressees(self, person: PersonId) -> Sequence[IdentityFacts]:
        """Return whom to call about the person: they themselves, and their guardians."""
        ...


class CaseBasis:
    """Tell the exchange whether a case is a basis for asking about a subject (用数依据)."""

    def __init__(self, register: CaseRegister, *, people: KnownPeople) -> None:
        """Keep the register of cases and who people are."""
        self._register = register
        self._people = people

    def find(self, case: CaseId, *, subject: str) -> CaseFacts | None:
        """Return the facts of a case; ``subject``, a citizen id, is a party where it is that of the case's subject."""
        entry = self._register.find(case)
        if entry is None:
            return None
        return CaseFacts(
            case_number=entry.case_number,
            item=entry.item,
            is_open=entry.is_open,
            is_party=self._people.facts(entry.subject).id_no == subject,
        )


class PopulationBase:
    """Compare name and number with the police's population base."""

    def __init__(self, exchange: ExchangeService) -> None:
        """Ask through the exchange."""
        self._exchange = exchange

    def check(self, request: RealNameCheck) -> CheckAnswer:
        """Answer; an outage and an absent number are answers, a refusal by the exchange's rules is an outage."""
        query = Query(
            resource=ResourceId("police.person"),
            key=request.id_no,
            fields=(),
            expected={"name": request.name, "id_no": request.id_no},
            basis=AccountProofing(request.reference),
            purpose=REAL_NAME_PURPOSE,
            actor=_asker(request),
            idempotency_key=f"real-name:{request.reference}",
        )
        match _answered(self._exchange, query).kind:
            case AnswerKind.FOUND:
                return CheckAnswer.MATCHED
            case AnswerKind.UNAVAILABLE:
                return CheckAnswer.UNAVAILABLE
            case _:
                return CheckAnswer.UNMATCHED


def _asker(request: RealNameCheck) -> Principal:
    """Return who asks: the platform, or the person at a counter by its officer's hand."""
    if request.by is None:
        return Platform("identity")
    return Citizen(request.person, ial=2, aal=1, hand=request.by)


class GuardianshipRegister:
    """Read who the guardians of a ward are, from civil affairs."""

    def __init__(self, exchange: ExchangeService) -> None:
        """Ask through the exchange."""
        self._exchange = exchange

    def record(self, query: GuardianQuery) -> GuardianRecord:
        """Answer; an outage and an absent ward are answers, a refusal by the exchange's rules is an outage."""
        question = Query(
            resource=ResourceId("civil.guardian"),
            key=query.ward_id_no,
            fields=("id_no",),
            basis=AccountProofing(query.reference),
            purpose=GUARDIANSHIP_PURPOSE,
            actor=Citizen(query.guardian, ial=3, aal=2),
            idempotency_key=f"guardianship:{query.reference}",
        )
        answer = _answered(self._exchange, question)
        return GuardianRecord(
            is_available=answer.kind is not AnswerKind.UNAVAILABLE,
            guardian_id_nos=tuple(str(row["id_no"]) for row in answer.rows),
            evidence=answer.evidence,
        )


class CaseQueries:
    """Ask departments on the basis of a live case, or of the standing programme that an item is."""

    def __init__(self, exchange: ExchangeService, *, people: KnownPeople) -> None:
        """Ask through the exchange; ``people`` know the numbers by which departments know somebody."""
        self._exchange = exchange
        self._people = people

    def ask(self, request: DataRequest) -> DataAnswer:
        """Query, match or hand over; a refusal by the exchange's rules is an outage for the case, and in the ledger."""
        if request.hands:
            return DataAnswer(self._hand_over(request))
        query = Query(
            resource=ResourceId(request.resource),
            key=request.key,
            fields=request.fields,
            expected=request.match,
            basis=LiveCase(request.case, request.item),
            purpose=request.purpose,
            actor=request.actor,
            idempotency_key=request.idempotency_key,
        )
        answer = _answered(self._exchange, query)
        return DataAnswer(ResultKind(answer.kind.value), answer.fields, answer.evidence)

    def _hand_over(self, request: DataRequest) -> ResultKind:
        submission = Submission(
            resource=ResourceId(request.resource),
            key=request.key,
            body=request.hands,
            basis=LiveCase(request.case, request.item),
            purpose=request.purpose,
            actor=request.actor,
            idempotency_key=request.idempotency_key,
        )
        try:
            return ResultKind(self._exchange.submit(submission).kind.value)
        except AccessRefused:
            return ResultKind.UNAVAILABLE

    def holds(self, request: PredicateRequest) -> bool | None:
        """Compare a predicate; a refusal by the exchange's rules is an outage, and recorded in the ledger."""
        query = Query(
            resource=ResourceId(request.resource),
            key=self._people.facts(request.subject).id_no,
            fields=(),
            expected={PREDICATE_FIELD: True},
            basis=StandingProgramme(request.item),
            purpose=request.item,
            actor=Platform("offers"),
            idempotency_key=request.idempotency_key,
        )
        match _answered(self._exchange, query).kind:
            case AnswerKind.FOUND:
                return True
            case AnswerKind.ABSENT | AnswerKind.MISMATCH:
                return False
            case _:
                return None


class Deliveries:
    """Hand the result to the post, or leave it at a counter."""

    def __init__(self, exchange: ExchangeService, *, people: KnownPeople, register: CaseRegister) -> None:
        """Send through the exchange."""
        self._exchange = exchange
        self._people = people
        self._register = register

    def send(self, request: SendRequest) -> ResultKind:
        """Return ``done``, ``failed`` or ``unavailable``; a counter always has room.

        The courier calls the recipient, or a guardian where the recipient has no phone.
        """
        if request.way != DELIVERED_BY_POST:
            return ResultKind.DONE
        person = self._people.facts(request.recipient)
        phone = next((one.phone for one in self._people.addressees(request.recipient) if one.phone), "")
        body = {
            "recipient": person.name,
            "phone": phone,
            "address": request.address,
            "case_number": request.case_number,
        }
        return self._post(request, key=person.id_no, body=body)

    def _post(self, request: SendRequest, *, key: str, body: Mapping[str, object]) -> ResultKind:
        entry = self._register.find(request.case)
        if entry is None:
            return ResultKind.FAILED
        submission = Submission(
            resource=ResourceId("post.shipment"),
            key=key,
            body=body,
            basis=LiveCase(request.case, entry.item),
            purpose=DELIVERY_PURPOSE,
            actor=Platform("delivery"),
            idempotency_key=request.idempotency_key,
        )
        try:
            return ResultKind(self._exchange.submit(submission).kind.value)
        except AccessRefused:
            return ResultKind.FAILED


def _answered(exchange: ExchangeService, query: Query) -> Answer:
    """Return the answer; what the exchange refuses is in its ledger, and an outage for whoever asked."""
    try:
        return exchange.query(query)
    except AccessRefused:
        return Answer(AnswerKind.UNAVAILABLE)
