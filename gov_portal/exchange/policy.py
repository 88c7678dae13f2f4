"""Decide whether a request for data may pass, in one fixed order; pure."""

from dataclasses import dataclass, field
from datetime import date

from gov_portal.exchange.domain import (
    PREDICATE_FIELD,
    AccountProofing,
    Basis,
    CaseFacts,
    Grant,
    LiveCase,
    Operation,
    Refusal,
    Resource,
    ResourceId,
    ResourceKind,
    SharingClass,
    StandingProgramme,
    System,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold the side of the caller, without any value of a person."""

    resource: ResourceId
    operation: Operation
    fields: tuple[str, ...]
    basis: Basis
    purpose: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold what the platform knows when it decides; ``None`` where there is no such thing.

    ``has_valid_key`` and ``has_valid_values`` say whether the types of the resource accept what the caller sent.
    """

    today: date
    resource: Resource | None = None
    system: System | None = None
    grant: Grant | None = None
    case: CaseFacts | None = None
    has_valid_key: bool = True
    has_valid_values: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold the verdict and how it was reached.

    Attributes:
        refusal: ``None`` where the request may pass.
        fields: granted and asked for, in the order asked.
        withheld: asked for and not granted.
        trail: the checks that were passed, in their order.
    """

    refusal: Refusal | None = None
    fields: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    trail: tuple[str, ...] = field(default=())


def decide(ask: Ask, facts: Facts) -> Decision:
    """Return the verdict on a request.

    The order is fixed: resource, key, system, grant, purpose, basis (the case exists, is of that item, is open, has the
    subject as a party), fields, values. The first check that fails gives the refusal,
    so a caller learns nothing of a later one.
    """
    trail: list[str] = []
    for name, check in _CHECKS:
        refusal = check(ask, facts)
        if refusal is not None:
            return Decision(refusal=refusal, trail=tuple(trail))
        trail.append(name)
    return _decide_fields(ask, facts, tuple(trail))


def _check_resource(ask: Ask, facts: Facts) -> Refusal | None:
    if facts.resource is None:
        return Refusal.RESOURCE
    is_push = facts.resource.kind is ResourceKind.PUSH
    if is_push != (ask.operation is Operation.PUSH):
        return Refusal.OPERATION
    if ask.operation is Operation.CHECK and not facts.resource.can_check:
        return Refusal.OPERATION
    return Refusal.WITHHELD if facts.resource.sharing is SharingClass.WITHHELD else None


def _check_key(ask: Ask, facts: Facts) -> Refusal | None:
    return None if facts.has_valid_key else Refusal.KEY


def _check_system(ask: Ask, facts: Facts) -> Refusal | None:
    return None if facts.system is not None and facts.system.is_active else Refusal.SYSTEM


def _check_grant(ask: Ask, facts: Facts) -> Refusal | None:
    grant = facts.grant
    if grant is None:
        return Refusal.GRANT_ACCOUNT if isinstance(ask.basis, AccountProofing) else Refusal.GRANT_ITEM
    has_ended = grant.until is not None and grant.until < facts.today
    return Refusal.GRANT_ENDED if has_ended or not grant.is_active else None


def _check_purpose(ask: Ask, facts: Facts) -> Refusal | None:
    return None if facts.grant is not None and ask.purpose in facts.grant.purposes else Refusal.PURPOSE


def _check_basis(ask: Ask, facts: Facts) -> Refusal | None:
    if isinstance(ask.basis, StandingProgramme):
        is_predicate = facts.resource is not None and set(facts.resource.fields) == {PREDICATE_FIELD}
        return None if is_predicate and ask.operation is Operation.CHECK else Refusal.PROGRAMME
    if not isinstance(ask.basis, LiveCase):
        return None
    case = facts.case
    if case is None:
        return Refusal.CASE_UNKNOWN
    if case.item != ask.basis.item:
        return Refusal.CASE_ITEM
    if not case.is_open and ask.operation is not Operation.PUSH:
        # What a case decided, or took back at its end, is still told to whom it concerns; nothing more is asked.
        return Refusal.CASE_CLOSED
    return None if case.is_party else Refusal.CASE_PARTY


_CHECKS = (
    ("resource", _check_resource),
    ("key", _check_key),
    ("system", _check_system),
    ("grant", _check_grant),
    ("purpose", _check_purpose),
    ("basis", _check_basis),
)


def _decide_fields(ask: Ask, facts: Facts, trail: tuple[str, ...]) -> Decision:
    """Meet what is asked with what is granted; a check or a push passes whole or not at all."""
    granted = facts.grant.fields if facts.grant else frozenset()
    known = facts.resource.fields if facts.resource else {}
    asked = tuple(dict.fromkeys(ask.fields))
    fields = tuple(name for name in asked if name in granted and name in known)
    withheld = tuple(name for name in asked if name not in fields)
    is_whole_needed = ask.operation is not Operation.QUERY
    if not fields or (is_whole_needed and withheld) or any(name not in known for name in asked):
        return Decision(refusal=Refusal.FIELD, withheld=withheld, trail=trail)
    trail = (*trail, "fields")
    if not facts.has_valid_values:
        return Decision(refusal=Refusal.VALUE, trail=trail)
    return Decision(fields=fields, withheld=withheld, trail=trail)
