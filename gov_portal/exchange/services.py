"""Answer requests for data: decide, record, ask the department, check its answer, record again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from gov_portal.exchange.breaker import Breaker
from gov_portal.exchange.domain import (
    ACCOUNT_SCOPE,
    AccessRefused,
    AccountProofing,
    Answer,
    AnswerKind,
    Basis,
    Failure,
    LiveCase,
    Operation,
    Query,
    Resource,
    StandingProgramme,
    Submission,
    SystemId,
)
from gov_portal.exchange.policy import Ask, Decision, Facts, decide
from gov_portal.exchange.ports import Connector, Directory, Journal, LiveCases, ProviderFailed, ProviderRequest, Record
from gov_portal.exchange.replies import ReplyMalformed, checked_rows
from gov_portal.kernel.clocks import Clock
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.principal import actor_of

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_TRIPPING = {Failure.TIMEOUT, Failure.PROVIDER}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """Hold one request on its way.

    ``key`` and ``values`` (to compare or to push) are in storage form, ``None`` where a type refuses them.
    """

    ask: Ask
    request: Query | Submission
    facts: Facts
    key: str | None = field(repr=False)
    values: Mapping[str, object] | None = field(repr=False)
    id: str = field(default_factory=lambda: uuid4().hex)


class ExchangeService:
    """Be the one way to departments' data (数据共享)."""

    def __init__(
        self, *, directory: Directory, journal: Journal, cases: LiveCases, connector: Connector, clock: Clock
    ) -> None:
        """Keep what is needed; ``clock`` is that of business time."""
        self._directory = directory
        self._journal = journal
        self._cases = cases
        self._connector = connector
        self._clock = clock
        self._breaker = Breaker()

    def held_back(self) -> frozenset[SystemId]:
        """Return the systems that this process does not call for a while, because they have failed."""
        return self._breaker.held_back()

    def query(self, query: Query) -> Answer:
        """Return what a department tells: found, absent, mismatch (only where values were compared) or unavailable.

        An outage is an answer, never an exception. The record of the question is durable before anything is asked,
        that of the answer before it is returned.

        Raises:
            AccessRefused: with the stable code of the first check that failed; the attempt is recorded.
        """
        operation = Operation.CHECK if query.expected else Operation.QUERY
        fields = tuple(query.expected) if query.expected else query.fields
        ask = Ask(query.resource, operation, fields, query.basis, query.purpose)
        return self._pass(self._prepare(ask, query, query.expected))

    def submit(self, submission: Submission) -> Answer:
        """Push data to a department: done, failed (it will not take them) or unavailable.

        Raises:
            AccessRefused: as for a query; every field of the body must be granted.
        """
        fields = tuple(submission.body)
        ask = Ask(submission.resource, Operation.PUSH, fields, submission.basis, submission.purpose)
        return self._pass(self._prepare(ask, submission, submission.body))

    def _prepare(self, ask: Ask, request: Query | Submission, values: Mapping[str, object]) -> _Call:
        """Gather what the decision looks at."""
        basis = ask.basis
        scope = ACCOUNT_SCOPE if isinstance(basis, AccountProofing) else basis.item
        resource, system, grant = self._directory.find(ask.resource, item=scope)
        key = _stored_key(resource, request.key)
        stored = _stored_values(resource, values, is_whole=ask.operation is Operation.PUSH)
        case = None
        if isinstance(basis, LiveCase) and grant is not None and key is not None:
            case = self._cases.find(basis.case, subject=key)
        facts = Facts(
            today=self._clock.now().astimezone(_SHANGHAI).date(),
            resource=resource,
            system=system,
            grant=grant,
            case=case,
            has_valid_key=key is not None,
            has_valid_values=stored is not None,
        )
        return _Call(ask=ask, request=request, facts=facts, key=key, values=stored)

    def _pass(self, call: _Call) -> Answer:
        """Carry a request through decision, record, department, check and record."""
        decision = decide(call.ask, call.facts)
        if decision.refusal is not None:
            self._record("refused", call, decision, refusal=decision.refusal.value)
            raise AccessRefused(decision.refusal, resource=call.ask.resource)
        self._record("asked", call, decision, rows=(call.values or {},))
        answer = self._ask_provider(call, decision)
        failure = answer.failure.value if answer.failure else None
        self._record("answered", call, decision, rows=answer.rows, outcome=answer.kind.value, failure=failure)
        return answer

    def _ask_provider(self, call: _Call, decision: Decision) -> Answer:
        """Ask the department and check what it says; an outage becomes an answer."""
        resource, request = _provider_request(call, decision)
        if not self._breaker.may_call(request.system):
            return Answer(AnswerKind.UNAVAILABLE, failure=Failure.BREAKER, evidence=call.id)
        try:
            reply = self._connector.call(request)
        except ProviderFailed as fault:
            if fault.failure in _TRIPPING:
                self._breaker.failed(request.system)
            return _without_answer(call, fault.failure, fault.reason)
        self._breaker.succeeded(request.system)
        try:
            rows = checked_rows(
                resource, operation=call.ask.operation, key=call.key or "", fields=decision.fields, reply=reply
            )
        except ReplyMalformed as fault:
            return _without_answer(call, Failure.SCHEMA, str(fault))
        return Answer(reply.kind, rows, evidence=call.id)

    def _record(
        self,
        kind: str,
        call: _Call,
        decision: Decision,
        *,
        rows: tuple[Mapping[str, object], ...] = (),
        **outcome: str | None,
    ) -> None:
        facts = {
            "call": call.id,
            "resource": call.ask.resource,
            "operation": call.ask.operation.value,
            "purpose": call.ask.purpose,
            "fields": list(decision.fields),
            "withheld": list(decision.withheld),
            "trail": list(decision.trail),
        }
        self._journal.write(
            Record(
                kind=kind,
                subject=call.key or call.request.key,
                actor=actor_of(call.request.actor),
                facts={**facts, **_based_on(call.ask.basis), **{name: word for name, word in outcome.items() if word}},
                values={f"{n}.{name}": value for n, row in enumerate(rows) for name, value in row.items()},
            )
        )


def _based_on(basis: Basis) -> dict[str, str]:
    """Return the basis of a request as its record tells it."""
    match basis:
        case LiveCase():
            return {"basis": "case", "case": str(basis.case), "item": basis.item}
        case StandingProgramme():
            return {"basis": "programme", "item": basis.item}
        case AccountProofing():
            return {"basis": "account", "reference": str(basis.reference)}


def _provider_request(call: _Call, decision: Decision) -> tuple[Resource, ProviderRequest]:
    """Return the resource and the call to its department; nothing is sent that the operation does not need."""
    resource = call.facts.resource
    if resource is None:
        raise AssertionError("a request that passed the decision has a resource")
    content: dict[Operation, dict[str, object]] = {
        Operation.QUERY: {"fields": list(decision.fields)},
        Operation.CHECK: {"expected": dict(call.values or {})},
        Operation.PUSH: {"content": dict(call.values or {})},
    }
    request = ProviderRequest(
        system=resource.system,
        resource=resource.id,
        operation=call.ask.operation,
        body={"key": call.key, **content[call.ask.operation]},
        purpose=call.ask.purpose,
        case_number=call.facts.case.case_number if call.facts.case else "",
        idempotency_key=call.request.idempotency_key,
    )
    return resource, request


def _without_answer(call: _Call, failure: Failure, reason: str) -> Answer:
    """Tell operators, without any value, and answer that nothing came back."""
    log.warning("exchange.no-answer", resource=call.ask.resource, failure=failure.value, reason=reason, call=call.id)
    is_final = call.ask.operation is Operation.PUSH and failure is Failure.PROVIDER_REFUSED
    kind = AnswerKind.FAILED if is_final else AnswerKind.UNAVAILABLE
    return Answer(kind, failure=failure, evidence=call.id)


def _stored_key(resource: Resource | None, raw: str) -> str | None:
    """Return the key in storage form; ``None`` where its type refuses it."""
    if resource is None:
        return None
    try:
        return str(resource.key.dump(resource.key.parse(raw)))
    except DomainError:
        return None


def _stored_values(
    resource: Resource | None, values: Mapping[str, object], *, is_whole: bool
) -> Mapping[str, object] | None:
    """Return values in storage form; ``None`` where a type refuses one, or one is missing of a whole set."""
    known = resource.fields if resource else {}
    required = {name for name, field_ in known.items() if not field_.is_maybe} if is_whole else set()
    if required - set(values):
        return None
    try:
        return {
            name: known[name].type.dump(known[name].type.parse(raw)) for name, raw in values.items() if name in known
        }
    except DomainError:
        return None
