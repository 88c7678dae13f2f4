"""The in-memory departments answer as the real ones do, behind real sockets and behind the whole exchange."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gov_portal.exchange.adapters.assertion import ClientKey
from gov_portal.exchange.adapters.rest import RestConnector
from gov_portal.exchange.domain import Answer, AnswerKind, Failure, Operation, ResourceId
from gov_portal.exchange.ports import Connector, ProviderFailed
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel.clocks import FixedClock
from gov_portal.sandbox.faults import AnswerFault, Down, Faults, write_faults
from gov_portal.sandbox.people import load_people
from gov_portal.sandbox.store import Received, Store
from tests.factories.departments import running
from tests.factories.exchange import (
    InMemoryDepartments,
    InMemoryDirectory,
    InMemoryJournal,
    OneCase,
    a_name_check,
    a_provider_request,
    a_query,
    a_shipment,
    id_no,
)

pytestmark = pytest.mark.xdist_group("connectors")
"""Else each worker would start the departments anew."""


class Province:
    """The departments behind one connector, with their switches and stores."""

    def __init__(self, connector: Connector, *, store: Path, set_faults: Callable[[str, Faults], None]) -> None:
        self.connector = connector
        self.set_faults = set_faults
        self._store = store
        self.exchange = ExchangeService(
            directory=InMemoryDirectory(),
            journal=InMemoryJournal(),
            cases=OneCase(frozenset(person.id_no for person in load_people().everybody)),
            connector=connector,
            clock=FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC)),
        )

    def received(self, department: str) -> tuple[Received, ...]:
        return Store(self._store / department).received()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory) -> Iterator[tuple[dict[str, str], Path, ClientKey]]:
    """Four departments as processes, shared by the tests of this file."""
    folder = tmp_path_factory.mktemp("province")
    key = ClientKey.at(folder / "secrets")
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(running(name, store=folder, secrets_dir=folder / "secrets")).address
            for name in ("police", "civil", "health", "post")
        }
        yield started, folder, key


@pytest.fixture(params=["in memory", "over sockets"])
def province(request, tmp_path) -> Iterator[Province]:
    if request.param == "in memory":
        double = InMemoryDepartments(tmp_path)
        yield Province(double, store=tmp_path, set_faults=double.faults.__setitem__)
        return
    started, folder, key = request.getfixturevalue("addresses")
    connector = RestConnector(started, key=key)
    yield Province(connector, store=folder, set_faults=lambda name, faults: write_faults(folder / name, faults))
    connector.close()
    for name in started:
        write_faults(folder / name, Faults())


def test_a_query_tells_what_was_asked_for(province) -> None:
    reply = province.connector.call(a_provider_request())
    assert (reply.kind, reply.rows) == (AnswerKind.FOUND, ({"name": "林晓禾", "birth": "1980-05-01"},))


def test_an_unknown_person_is_absent(province) -> None:
    reply = province.connector.call(a_provider_request(body={"key": id_no("stranger"), "fields": ["name"]}))
    assert (reply.kind, reply.rows) == (AnswerKind.ABSENT, ())


@pytest.mark.parametrize(("name", "kind"), [("林晓禾", AnswerKind.FOUND), ("林晓木", AnswerKind.MISMATCH)])
def test_a_check_tells_no_datum(province, name, kind) -> None:
    reply = province.connector.call(
        a_provider_request(operation=Operation.CHECK, body={"key": id_no(), "expected": {"name": name}})
    )
    assert (reply.kind, reply.rows) == (kind, ())


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"body": {"key": id_no()}}, Failure.PROVIDER_REFUSED),
        ({"resource": ResourceId("police.dogs")}, Failure.PROVIDER_REFUSED),
        ({"operation": Operation.PUSH, "body": {"content": {}}}, Failure.PROVIDER_REFUSED),
    ],
)
def test_a_wrong_request_is_refused_by_the_department(province, change, failure) -> None:
    with pytest.raises(ProviderFailed) as fault:
        province.connector.call(a_provider_request(**change))
    assert fault.value.failure is failure


@pytest.mark.parametrize(
    ("faults", "failure"),
    [
        (Faults(down=Down.CLOSED), Failure.PROVIDER),
        (Faults(down=Down.BUSY), Failure.PROVIDER),
        (Faults(latency_ms=3300), Failure.TIMEOUT),
        (Faults(answer=AnswerFault.GARBAGE), Failure.SCHEMA),
    ],
)
def test_an_outage_fails_and_ends_with_its_cause(province, faults, failure) -> None:
    province.set_faults("police", faults)
    with pytest.raises(ProviderFailed) as fault:
        province.connector.call(a_provider_request())
    assert fault.value.failure is failure
    province.set_faults("police", Faults())
    assert province.connector.call(a_provider_request()).kind is AnswerKind.FOUND


def asked(province: Province, **changes: object) -> Answer:
    return province.exchange.query(a_query(**changes))


@pytest.mark.parametrize(
    ("fault", "changes", "kind"),
    [
        (AnswerFault.ABSENT, {}, AnswerKind.ABSENT),
        (AnswerFault.ABSENT, {"expected": {"name": "林晓禾"}}, AnswerKind.ABSENT),
        (AnswerFault.MISMATCH, {"expected": {"name": "林晓禾"}}, AnswerKind.MISMATCH),
        (AnswerFault.POISON, {}, AnswerKind.UNAVAILABLE),
        (AnswerFault.GARBAGE, {}, AnswerKind.UNAVAILABLE),
    ],
)
def test_a_switched_answer_reaches_the_caller(province, fault, changes, kind) -> None:
    province.set_faults("police", Faults(answer=fault))
    assert asked(province, **changes).kind is kind


def test_prefill_brings_a_person_and_a_guardian(province) -> None:
    assert asked(province).fields == {"birth": "1980-05-01", "region": "470101"}
    guardian = province.exchange.query(
        a_query("guarded", resource=ResourceId("civil.guardian"), fields=("name", "id_no"))
    )
    assert guardian.fields == {"name": "陈守正", "id_no": id_no("guardian")}


def test_an_assessment_brings_its_report(province) -> None:
    answer = asked(
        province, resource=ResourceId("health.assessment"), fields=("kind", "level", "report"), purpose="assessment"
    )
    assert (answer.fields["kind"], answer.fields["level"]) == ("hearing", 2)
    assert answer.fields["report"].content.startswith(b"%PDF-")


@pytest.mark.parametrize("person", load_people().everybody, ids=lambda person: person.handle)
def test_real_names_are_checked_for_everybody(province, person) -> None:
    check = a_name_check(person.handle, name=person.claims_name or person.name)
    expected = AnswerKind.MISMATCH if person.claims_name else AnswerKind.FOUND
    assert province.exchange.query(check).kind is (expected if person.is_known else AnswerKind.ABSENT)


def test_a_shipment_is_taken_once_however_often_it_is_sent(province) -> None:
    assert [province.exchange.submit(a_shipment()).kind for _ in range(3)] == [AnswerKind.DONE] * 3
    assert [entry.resource for entry in province.received("post")] == ["post.shipment"]


def test_a_shipment_whose_receipt_was_lost_is_not_sent_twice(province) -> None:
    shipment = a_shipment(idempotency_key="deliver-lost")
    before = len(province.received("post"))
    province.set_faults("post", Faults(answer=AnswerFault.GARBAGE))
    assert province.exchange.submit(shipment).kind is AnswerKind.UNAVAILABLE
    province.set_faults("post", Faults())
    assert province.exchange.submit(shipment).kind is AnswerKind.DONE
    assert len(province.received("post")) == before + 1
