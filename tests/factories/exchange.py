"""Build requests, directories and doubles of the exchange's ports with few words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from gov_portal.exchange.directory import read_directory
from gov_portal.exchange.domain import (
    AccountProofing,
    AnswerKind,
    CaseFacts,
    Failure,
    Grant,
    LiveCase,
    Operation,
    Query,
    Resource,
    ResourceId,
    Submission,
    System,
    SystemId,
)
from gov_portal.exchange.ports import ProviderFailed, ProviderReply, ProviderRequest, Record
from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Platform
from gov_portal.sandbox.departments import DEPARTMENTS, Delivery, RequestRefused
from gov_portal.sandbox.faults import AnswerFault, Faults
from gov_portal.sandbox.people import load_people
from gov_portal.sandbox.store import Store

CASE = CaseId(UUID("00000000-0000-4000-8000-0000000000c1"))
PROOFING = UUID("00000000-0000-4000-8000-0000000000a1")
CARD = ItemId("cdpf.disability-card.first")
CASE_NUMBER = "470101-20260302-0000001-K"
PERSON = ResourceId("police.person")

CARD_GRANTS = (
    Grant(
        item=CARD,
        resource=PERSON,
        fields=frozenset({"name", "birth", "region"}),
        purposes=frozenset({"cdpf-card", CARD}),
    ),
    Grant(
        item=CARD,
        resource=ResourceId("civil.guardian"),
        fields=frozenset({"name", "id_no"}),
        purposes=frozenset({"cdpf-card"}),
    ),
)


def id_no(handle: str = "adult") -> str:
    return load_people().person(handle).id_no


def a_query(handle: str = "adult", **changes: object) -> Query:
    query = Query(
        resource=PERSON,
        key=id_no(handle),
        fields=("birth", "region"),
        basis=LiveCase(CASE, CARD),
        purpose="cdpf-card",
        actor=Platform(),
        idempotency_key="prefill-1",
    )
    return replace(query, **changes)


def a_provider_request(**changes: object) -> ProviderRequest:
    facts = {
        "system": SystemId("police"),
        "resource": ResourceId("police.person"),
        "operation": Operation.QUERY,
        "body": {"key": id_no(), "fields": ["name", "birth"]},
        "purpose": "cdpf-card",
        "case_number": CASE_NUMBER,
        "idempotency_key": "k",
    }
    return ProviderRequest(**(facts | changes))


def a_name_check(handle: str = "adult", *, name: str) -> Query:
    basis = AccountProofing(PROOFING)
    return a_query(handle, basis=basis, purpose="real-name-check", fields=(), expected={"name": name})


def a_guardian_query(handle: str) -> Query:
    return a_query(
        handle,
        resource=ResourceId("civil.guardian"),
        fields=("id_no", "relation"),
        basis=AccountProofing(PROOFING),
        purpose="guardianship",
    )


def a_shipment(**changes: object) -> Submission:
    submission = Submission(
        resource=ResourceId("post.shipment"),
        key=id_no(),
        body={
            "recipient": "林晓禾",
            "phone": "12000000001",
            "address": "样例省样例市东样区样例路1号",
            "case_number": CASE_NUMBER,
        },
        basis=LiveCase(CASE, CARD),
        purpose="delivery",
        actor=Platform(),
        idempotency_key="deliver-1",
    )
    return replace(submission, **changes)


class InMemoryDirectory:
    """The directory file and some grants, without a database."""

    def __init__(self, grants: Iterable[Grant] = CARD_GRANTS) -> None:
        content = read_directory()
        self._resources: dict[ResourceId, Resource] = {resource.id: resource for resource in content.resources}
        self._systems: dict[SystemId, System] = {system.id: system for system in content.systems}
        self._grants = {(grant.item, grant.resource): grant for grant in (*content.grants, *grants)}

    def find(self, resource: ResourceId, *, item: ItemId) -> tuple[Resource | None, System | None, Grant | None]:
        found = self._resources.get(resource)
        if found is None:
            return None, None, None
        return found, self._systems.get(found.system), self._grants.get((item, resource))

    def switch_system(self, system: SystemId, *, is_active: bool) -> bool:
        self._systems[system] = replace(self._systems[system], is_active=is_active)
        return True


@dataclass
class InMemoryJournal:
    records: list[Record] = field(default_factory=list)

    def write(self, record: Record) -> None:
        self.records.append(record)

    @property
    def kinds(self) -> list[str]:
        return [record.kind for record in self.records]


@dataclass
class OneCase:
    """Know one case with some parties."""

    parties: frozenset[str] = frozenset({id_no()})
    item: ItemId = CARD
    is_open: bool = True

    def find(self, case: CaseId, *, subject: str) -> CaseFacts | None:
        if case != CASE:
            return None
        return CaseFacts(CASE_NUMBER, self.item, is_open=self.is_open, is_party=subject in self.parties)


@dataclass
class InMemoryDepartments:
    """Answer as the departments do, without sockets; faults are set by system."""

    folder: Path
    faults: dict[str, Faults] = field(default_factory=dict)
    requests: list[ProviderRequest] = field(default_factory=list)

    def call(self, request: ProviderRequest) -> ProviderReply:
        self.requests.append(request)
        faults = self.faults.get(request.system, Faults())
        if faults.down:
            raise ProviderFailed(Failure.PROVIDER, "down")
        if faults.latency_ms >= 3000:
            raise ProviderFailed(Failure.TIMEOUT, "slow")
        reply = self._answer(request)
        if faults.answer is AnswerFault.GARBAGE:
            raise ProviderFailed(Failure.SCHEMA, "garbage")
        if faults.answer is AnswerFault.POISON:
            return ProviderReply(AnswerKind.FOUND, ({"name": ["x"], "role": "admin"},))
        if faults.answer is AnswerFault.ABSENT:
            return ProviderReply(AnswerKind.ABSENT)
        if faults.answer is AnswerFault.MISMATCH and request.operation == "check":
            return ProviderReply(AnswerKind.MISMATCH)
        return ProviderReply(AnswerKind(reply["result"]), tuple(reply.get("rows", ())))

    def _answer(self, request: ProviderRequest) -> Mapping:
        delivery = Delivery(Store(self.folder / request.system), request.resource, request.idempotency_key)
        try:
            return DEPARTMENTS[request.system].answer(
                request.operation,
                resource=request.resource,
                body=request.body,
                records=load_people(),
                inbox=delivery,
            )
        except RequestRefused as fault:
            raise ProviderFailed(Failure.PROVIDER_REFUSED, f"status {fault.status}") from None
