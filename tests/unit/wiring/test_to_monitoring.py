"""What departments' systems take and leave unanswered is counted by system."""

import pytest

from gov_portal.exchange.domain import AnswerKind, Failure, Operation, ResourceId, SystemId
from gov_portal.exchange.ports import ProviderFailed, ProviderReply, ProviderRequest
from gov_portal.kernel.monitoring.metrics import EXCHANGE_FAILURES, EXCHANGE_SECONDS
from gov_portal.kernel.monitoring.tally import Tally
from gov_portal.wiring.to_monitoring import Measured

POLICE = SystemId("police")
REQUEST = ProviderRequest(
    system=POLICE,
    resource=ResourceId("police.person"),
    operation=Operation.QUERY,
    body={"key": "470101199003074514"},
    purpose="test",
    case_number="",
    idempotency_key="k",
)


class Answering:
    def call(self, request: ProviderRequest) -> ProviderReply:
        return ProviderReply(AnswerKind.ABSENT, ())


class Failing:
    def call(self, request: ProviderRequest) -> ProviderReply:
        raise ProviderFailed(Failure.TIMEOUT, "no reply within 3.0 s")


def test_an_answer_is_measured() -> None:
    tally = Tally()
    assert Measured(Answering(), tally).call(REQUEST).kind is AnswerKind.ABSENT
    (sample,) = tally.samples()
    assert (sample.metric, sample.labels, sum(sample.buckets)) == (EXCHANGE_SECONDS, (POLICE,), 1)


def test_a_call_without_an_answer_is_measured_counted_and_passed_on() -> None:
    tally = Tally()
    with pytest.raises(ProviderFailed):
        Measured(Failing(), tally).call(REQUEST)
    found = {(one.metric.name, *one.labels) for one in tally.samples()}
    assert found == {(EXCHANGE_SECONDS.name, POLICE), (EXCHANGE_FAILURES.name, POLICE, Failure.TIMEOUT.value)}
