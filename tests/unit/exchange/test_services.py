"""A request for data is recorded before and after, and an outage is an answer."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gov_portal.exchange.domain import AccessRefused, AnswerKind, Failure, LiveCase, ResourceId, SystemId
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.ids import CaseId, ItemId, OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.sandbox.faults import AnswerFault, Down, Faults
from gov_portal.sandbox.people import load_people
from gov_portal.sandbox.store import Store
from tests.factories.exchange import (
    CARD,
    CASE,
    PROOFING,
    InMemoryDepartments,
    InMemoryDirectory,
    InMemoryJournal,
    OneCase,
    a_guardian_query,
    a_name_check,
    a_query,
    a_shipment,
    id_no,
)


@pytest.fixture
def journal() -> InMemoryJournal:
    return InMemoryJournal()


@pytest.fixture
def departments(tmp_path: Path) -> InMemoryDepartments:
    return InMemoryDepartments(tmp_path)


@pytest.fixture
def directory() -> InMemoryDirectory:
    return InMemoryDirectory()


@pytest.fixture
def exchange(journal, departments, directory) -> ExchangeService:
    return an_exchange(journal, departments, directory)


def an_exchange(journal, departments, directory=None, *, cases=None) -> ExchangeService:
    return ExchangeService(
        directory=directory or InMemoryDirectory(),
        journal=journal,
        cases=cases or OneCase(),
        connector=departments,
        clock=FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC)),
    )


def test_a_prefill_returns_the_fields_asked_for(exchange) -> None:
    answer = exchange.query(a_query())
    assert answer.kind is AnswerKind.FOUND
    assert answer.fields == {"birth": "1980-05-01", "region": "470101"}


def test_a_field_that_is_not_granted_is_not_even_asked_of_the_department(exchange, departments) -> None:
    answer = exchange.query(a_query(fields=("birth", "sex")))
    assert answer.fields == {"birth": "1980-05-01"}
    assert departments.requests[0].body == {"key": id_no(), "fields": ["birth"]}


@pytest.mark.parametrize(
    ("handle", "expected", "kind"),
    [
        ("adult", {"name": "林晓禾", "birth": "1980-05-01"}, AnswerKind.FOUND),
        ("adult", {"name": "林晓木"}, AnswerKind.MISMATCH),
        ("adult", {"name": "林晓禾", "birth": "1980-05-02"}, AnswerKind.MISMATCH),
        ("stranger", {"name": "顾无踪"}, AnswerKind.ABSENT),
        ("rare_plane_two", {"name": "李𠮷"}, AnswerKind.FOUND),
    ],
)
def test_a_check_tells_only_whether_values_match(journal, departments, handle, expected, kind) -> None:
    exchange = an_exchange(journal, departments, cases=OneCase(frozenset({id_no(handle)})))
    answer = exchange.query(a_query(handle, fields=(), expected=expected))
    assert (answer.kind, answer.rows) == (kind, ())


def test_the_report_of_an_assessment_is_a_file(exchange) -> None:
    query = a_query(resource=ResourceId("health.assessment"), fields=("level", "report"), purpose="assessment")
    fields = exchange.query(query).fields
    assert fields["level"] == 2
    assert fields["report"].content.startswith(b"%PDF-")


def test_question_and_answer_are_both_recorded_and_share_a_number(exchange, journal) -> None:
    answer = exchange.query(a_query())
    assert journal.kinds == ["asked", "answered"]
    asked, answered = journal.records
    assert asked.facts["call"] == answered.facts["call"] == answer.evidence
    assert (asked.facts["case"], asked.facts["item"], asked.facts["purpose"]) == (str(CASE), CARD, "cdpf-card")
    assert answered.values == {"0.birth": "1980-05-01", "0.region": "470101"}
    assert asked.actor == "platform:platform"


def test_nothing_is_asked_before_the_question_is_recorded(departments) -> None:
    class FullDisk(InMemoryJournal):
        def write(self, record):
            raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        an_exchange(FullDisk(), departments).query(a_query())
    assert departments.requests == []


def test_the_facts_of_a_record_name_no_person(exchange, journal) -> None:
    exchange.query(a_query())
    exchange.query(a_name_check(name="林晓木"))
    exchange.submit(a_shipment())
    with pytest.raises(AccessRefused):
        exchange.query(a_query(purpose="curiosity"))
    written = json.dumps([dict(record.facts) for record in journal.records], ensure_ascii=False)
    for word in (id_no(), "林晓", "12000000001", "样例路", "1980"):
        assert word not in written
        assert all(word not in repr(record) for record in journal.records)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("DX-RESOURCE", {"resource": ResourceId("tax.returns")}),
        ("DX-KEY", {"key": "470101198005010125"}),
        ("DX-GRANT-ITEM", {"basis": LiveCase(CASE, ItemId("admin-review"))}),
        ("DX-GRANT-ITEM", {"resource": ResourceId("cdpf.register"), "basis": LiveCase(CASE, ItemId("a.b"))}),
        ("DX-PURPOSE", {"purpose": "curiosity"}),
        ("DX-CASE-UNKNOWN", {"basis": LiveCase(CaseId(PROOFING), CARD)}),
        ("DX-CASE-PARTY", {"key": id_no("neighbour")}),
        ("DX-FIELD", {"fields": ("sex",)}),
        ("DX-VALUE", {"expected": {"birth": "yesterday"}}),
    ],
)
def test_a_refusal_is_recorded_and_reaches_no_department(exchange, journal, departments, code, change) -> None:
    if code == "DX-GRANT-ITEM" and "resource" in change:
        code = "DX-OPERATION"
    with pytest.raises(AccessRefused) as fault:
        exchange.query(a_query(**change))
    assert fault.value.code == code
    assert journal.kinds == ["refused"]
    assert journal.records[0].facts["refusal"] == code
    assert departments.requests == []


def test_a_closed_case_is_no_basis(journal, departments) -> None:
    with pytest.raises(AccessRefused) as fault:
        an_exchange(journal, departments, cases=OneCase(is_open=False)).query(a_query())
    assert fault.value.code == "DX-CASE-CLOSED"


def test_a_barred_system_is_not_asked(exchange, directory, departments) -> None:
    directory.switch_system(SystemId("police"), is_active=False)
    with pytest.raises(AccessRefused) as fault:
        exchange.query(a_query())
    assert fault.value.code == "DX-SYSTEM"
    assert departments.requests == []


@pytest.mark.parametrize(
    ("faults", "failure"),
    [
        (Faults(down=Down.CLOSED), Failure.PROVIDER),
        (Faults(latency_ms=4000), Failure.TIMEOUT),
        (Faults(answer=AnswerFault.GARBAGE), Failure.SCHEMA),
        (Faults(answer=AnswerFault.POISON), Failure.SCHEMA),
    ],
)
def test_an_outage_is_an_answer_and_recorded(exchange, journal, departments, faults, failure) -> None:
    departments.faults["police"] = faults
    with capture_logs() as lines:
        answer = exchange.query(a_query())
    assert (answer.kind, answer.failure, answer.rows) == (AnswerKind.UNAVAILABLE, failure, ())
    assert journal.records[-1].facts["failure"] == failure.value
    assert [line["failure"] for line in lines] == [failure.value]
    assert id_no() not in str(lines)


def test_the_breaker_holds_calls_back_but_hides_no_refusal(exchange, departments) -> None:
    departments.faults["police"] = Faults(down=Down.BUSY)
    for _ in range(5):
        exchange.query(a_query())
    answer = exchange.query(a_query())
    assert (answer.failure, len(departments.requests)) == (Failure.BREAKER, 5)
    with pytest.raises(AccessRefused):
        exchange.query(a_query(purpose="curiosity"))


def test_a_poisoned_answer_does_not_trip_the_breaker(exchange, departments) -> None:
    departments.faults["police"] = Faults(answer=AnswerFault.POISON)
    for _ in range(6):
        assert exchange.query(a_query()).failure is Failure.SCHEMA


def test_a_shipment_is_taken_once(exchange, tmp_path) -> None:
    assert exchange.submit(a_shipment()).kind is AnswerKind.DONE
    assert exchange.submit(a_shipment()).kind is AnswerKind.DONE
    (shipment,) = Store(tmp_path / "post").received()
    assert shipment.content["recipient"] == "林晓禾"


def test_a_department_that_will_not_take_a_push_fails_it(exchange) -> None:
    exchange.submit(a_shipment())
    again = a_shipment(body=dict(a_shipment().body) | {"address": "样例省样例市西样区样例路2号"})
    assert exchange.submit(again).kind is AnswerKind.FAILED


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("DX-VALUE", {"recipient": "林晓禾"}),
        ("DX-VALUE", dict(a_shipment().body) | {"phone": "911"}),
        ("DX-FIELD", dict(a_shipment().body) | {"photo": "x"}),
        ("DX-FIELD", {}),
    ],
)
def test_a_push_that_is_not_whole_or_not_granted_is_refused(exchange, code, body) -> None:
    with pytest.raises(AccessRefused) as fault:
        exchange.submit(a_shipment(body=body))
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("handle", "kind"),
    [
        ("adult", AnswerKind.FOUND),
        ("middle_dot", AnswerKind.FOUND),
        ("rare", AnswerKind.FOUND),
        ("mismatch", AnswerKind.MISMATCH),
        ("stranger", AnswerKind.ABSENT),
    ],
)
def test_an_account_is_proven_by_name_and_number(exchange, handle, kind) -> None:
    person = load_people().person(handle)
    assert exchange.query(a_name_check(handle, name=person.claims_name or person.name)).kind is kind


def test_an_account_sees_the_guardian_of_a_ward(exchange) -> None:
    answer = exchange.query(a_guardian_query("minor"))
    assert answer.rows == ({"id_no": id_no("adult"), "relation": "mother"},)
    assert exchange.query(a_guardian_query("adult")).kind is AnswerKind.ABSENT


@pytest.mark.parametrize(
    ("actor", "spelling"),
    [
        (Citizen(PersonId(PROOFING), ial=3, aal=2), f"citizen:{PROOFING}"),
        (Officer(OfficerId(PROOFING), "dept.cdpf", "470101", frozenset()), f"officer:{PROOFING}"),
    ],
)
def test_the_record_names_who_asked_by_id(exchange, journal, actor, spelling) -> None:
    exchange.query(replace(a_query(), actor=actor))
    assert {record.actor for record in journal.records} == {spelling}
