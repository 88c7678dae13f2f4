"""The decision on a request for data has one order, and never yields a field that is not granted and asked for."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.exchange.directory import read_directory
from gov_portal.exchange.domain import (
    AccountProofing,
    CaseFacts,
    Grant,
    LiveCase,
    Operation,
    Refusal,
    ResourceId,
    SharingClass,
    StandingProgramme,
    System,
    SystemId,
)
from gov_portal.exchange.policy import Ask, Facts, decide
from gov_portal.kernel.ids import CaseId, ItemId
from tests.factories.effort import tried

RESOURCES = {resource.id: resource for resource in read_directory().resources}
PERSON = RESOURCES[ResourceId("police.person")]
SHIPMENT = RESOURCES[ResourceId("post.shipment")]
ITEM = ItemId("cdpf.disability-card.first")
CASE = CaseId(UUID(int=1))
TODAY = date(2026, 3, 2)

SYSTEM = System(id=SystemId("police"), name="人口基础信息库", organisation="dept.police")
GRANT = Grant(
    item=ITEM,
    resource=PERSON.id,
    fields=frozenset({"name", "birth", "region"}),
    purposes=frozenset({"cdpf-card"}),
)
CASE_FACTS = CaseFacts("470101-20260302-0000001-K", ITEM, is_open=True, is_party=True)
ASK = Ask(PERSON.id, Operation.QUERY, ("birth", "region"), LiveCase(CASE, ITEM), "cdpf-card")
CHECK = replace(ASK, operation=Operation.CHECK, fields=("name",))
NO_CHECK = replace(PERSON, can_check=False)
FACTS = Facts(today=TODAY, resource=PERSON, system=SYSTEM, grant=GRANT, case=CASE_FACTS)


def test_a_granted_request_on_a_live_case_passes_every_check() -> None:
    decision = decide(ASK, FACTS)
    assert decision.refusal is None
    assert decision.fields == ("birth", "region")
    assert decision.trail == ("resource", "key", "system", "grant", "purpose", "basis", "fields")


def test_a_programme_may_only_compare_a_predicate() -> None:
    aged = RESOURCES[ResourceId("police.aged_80")]
    ask = Ask(aged.id, Operation.CHECK, ("holds",), StandingProgramme(ITEM), ITEM)
    grant = Grant(item=ITEM, resource=aged.id, fields=frozenset({"holds"}), purposes=frozenset({ITEM}))
    facts = replace(FACTS, resource=aged, grant=grant, case=None)
    assert decide(ask, facts).refusal is None
    assert decide(replace(ask, operation=Operation.QUERY), facts).refusal is Refusal.PROGRAMME
    whole = replace(GRANT, purposes=frozenset({ITEM}))
    asked = replace(ask, resource=PERSON.id, fields=("name",))
    assert decide(asked, replace(facts, resource=PERSON, grant=whole)).refusal is Refusal.PROGRAMME
    assert decide(ask, replace(facts, grant=None)).refusal is Refusal.GRANT_ITEM


def test_what_a_case_decided_may_be_told_after_its_end() -> None:
    push = replace(ASK, resource=SHIPMENT.id, operation=Operation.PUSH, fields=("address",), purpose="delivery")
    grant = replace(GRANT, resource=SHIPMENT.id, fields=frozenset({"address"}), purposes=frozenset({"delivery"}))
    closed = replace(CASE_FACTS, is_open=False)
    assert decide(push, replace(FACTS, resource=SHIPMENT, grant=grant, case=closed)).refusal is None


@pytest.mark.parametrize(
    ("refusal", "ask", "facts"),
    [
        (Refusal.RESOURCE, ASK, replace(FACTS, resource=None)),
        (Refusal.OPERATION, replace(ASK, operation=Operation.PUSH), FACTS),
        (Refusal.OPERATION, ASK, replace(FACTS, resource=SHIPMENT)),
        (Refusal.OPERATION, CHECK, replace(FACTS, resource=NO_CHECK)),
        (Refusal.WITHHELD, ASK, replace(FACTS, resource=replace(PERSON, sharing=SharingClass.WITHHELD))),
        (Refusal.KEY, ASK, replace(FACTS, has_valid_key=False)),
        (Refusal.SYSTEM, ASK, replace(FACTS, system=None)),
        (Refusal.SYSTEM, ASK, replace(FACTS, system=replace(SYSTEM, is_active=False))),
        (Refusal.GRANT_ITEM, ASK, replace(FACTS, grant=None)),
        (Refusal.GRANT_ACCOUNT, replace(ASK, basis=AccountProofing(UUID(int=2))), replace(FACTS, grant=None)),
        (Refusal.GRANT_ENDED, ASK, replace(FACTS, grant=replace(GRANT, until=date(2026, 3, 1)))),
        (Refusal.GRANT_ENDED, ASK, replace(FACTS, grant=replace(GRANT, is_active=False))),
        (Refusal.PURPOSE, replace(ASK, purpose="curiosity"), FACTS),
        (Refusal.CASE_UNKNOWN, ASK, replace(FACTS, case=None)),
        (Refusal.CASE_ITEM, ASK, replace(FACTS, case=replace(CASE_FACTS, item=ItemId("admin-review")))),
        (Refusal.CASE_CLOSED, ASK, replace(FACTS, case=replace(CASE_FACTS, is_open=False))),
        (Refusal.CASE_PARTY, ASK, replace(FACTS, case=replace(CASE_FACTS, is_party=False))),
        (Refusal.FIELD, replace(ASK, fields=()), FACTS),
        (Refusal.FIELD, replace(ASK, fields=("sex",)), FACTS),
        (Refusal.FIELD, replace(ASK, fields=("birth", "password")), FACTS),
        (Refusal.FIELD, replace(ASK, operation=Operation.CHECK, fields=("name", "sex")), FACTS),
        (Refusal.VALUE, CHECK, replace(FACTS, has_valid_values=False)),
    ],
)  # fmt: skip
def test_one_failing_check_refuses_with_its_code(refusal: Refusal, ask: Ask, facts: Facts) -> None:
    decision = decide(ask, facts)
    assert decision.refusal is refusal
    assert decision.fields == ()


def test_the_last_day_of_a_grant_is_granted() -> None:
    assert decide(ASK, replace(FACTS, grant=replace(GRANT, until=TODAY))).refusal is None


def test_the_proofing_of_an_account_needs_no_case() -> None:
    ask = replace(ASK, basis=AccountProofing(UUID(int=2)))
    assert decide(ask, replace(FACTS, case=None)).refusal is None


def test_a_field_that_is_not_granted_is_left_out_and_named() -> None:
    decision = decide(replace(ASK, fields=("birth", "sex")), FACTS)
    assert (decision.fields, decision.withheld) == (("birth",), ("sex",))


def test_of_several_faults_the_earliest_in_the_order_is_told() -> None:
    nothing_right = Facts(today=TODAY, resource=PERSON, system=SYSTEM, grant=GRANT, case=None)
    assert decide(replace(ASK, fields=("sex",)), nothing_right).refusal is Refusal.CASE_UNKNOWN


NAMES = st.sampled_from(["name", "id_no", "birth", "sex", "region", "phone", "password"])


@tried(200)
@given(
    asked=st.lists(NAMES, max_size=6).map(tuple),
    granted=st.frozensets(NAMES),
    operation=st.sampled_from(Operation),
    is_open=st.booleans(),
    is_party=st.booleans(),
    is_active=st.booleans(),
)
def test_returned_fields_are_granted_and_asked_for(asked, granted, operation, is_open, is_party, is_active) -> None:
    facts = replace(
        FACTS,
        grant=replace(GRANT, fields=granted, is_active=is_active),
        case=replace(CASE_FACTS, is_open=is_open, is_party=is_party),
    )
    decision = decide(replace(ASK, fields=asked, operation=operation), facts)
    assert set(decision.fields) <= granted & set(asked) & set(PERSON.fields)
    assert bool(decision.fields) == (decision.refusal is None)
    if decision.refusal is None:
        assert is_open and is_party and is_active
