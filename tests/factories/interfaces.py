"""Stand in for what only other systems use: leases of tasks, stored answers, counted requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from gov_portal.kernel.answers import RequestChanged, Turn
from gov_portal.kernel.ids import FileId, LicenceId, PersonId
from gov_portal.kernel.rates import Rate, Standing
from gov_portal.licences.domain import LicenceStatus, LicenceView
from gov_portal.messaging.webhook_views import Subscribed, WebhookDeliveryView, WebhookView
from tests.factories.views import CASE
from workflows.services.external import Failure, Lease
from workflows.services.incoming import Fate, Receipt
from workflows.services.reports import Reported
from workflows.views import ExternalTask

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class InMemoryExternal:
    """Offer one canned task."""

    cases: object
    calls: list = field(default_factory=list)

    def fetch(self, by, *, filters):
        row = self.cases.queue_rows[0]
        return (ExternalTask(CASE, "470101-1", row.task, row.item, row.item_name, row.step, row.step_label, 3, False),)

    def claim(self, case, task, *, by, life_s=300):
        return Lease(NOW, 0, self.cases.work(case, task, by=by))

    def complete(self, case, command, *, by, key=None):
        self.cases.act(case, command, by=by, key=key)

    def fail(self, case, task, *, reason, by, is_final=False):
        return Failure(1, NOW, is_raised=is_final, reason=reason)

    def failure(self, case, task, *, by):
        return None


class InMemoryReports:
    """Give one page without a case."""

    def changed(self, by, wanted, *, behind=""):
        return Reported((), "7 case:x")


class InMemoryIncoming:
    """Take every message."""

    def receive(self, message, *, by):
        return Receipt(Fate.TAKEN)

    def sent(self, by, *, after="", fate=None, limit=50):
        return ()


class InMemoryPayments:
    """Take every knock."""

    def notice(self, order):
        pass


class InMemoryAnswers:
    """Keep answers in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[bytes, tuple[bytes, bytes]] = {}

    @contextmanager
    def turn(self, owner: bytes, *, request: bytes) -> Iterator[Turn]:
        if owner in self.kept:
            first, answer = self.kept[owner]
            if first != request:
                raise RequestChanged
            yield Turn(earlier=answer)
            return
        turn = Turn()
        yield turn
        if turn.answer is not None:
            self.kept[owner] = (request, turn.answer)


WEBHOOK = WebhookView(
    UUID(int=31), "dept.cdpf", "470101", "https://hooks.example/portal", ("case.closed",), "registry", NOW
)
DELIVERY = WebhookDeliveryView(
    id=UUID(int=32),
    number=7,
    webhook=WEBHOOK.id,
    event="case.closed",
    data={"case": str(CASE)},
    happened_at=NOW,
    status="dead",
    attempts=10,
    answer=500,
    reason="http-500",
    created_at=NOW,
    ended_at=NOW,
)


class InMemoryWebhooks:
    """Know one webhook that could not be told of one event."""

    def subscribe(self, url, events, *, label="", by):
        return Subscribed(WEBHOOK, "whsec_c2VjcmV0")

    def list(self, by):
        return (WEBHOOK,)

    def webhook(self, webhook, *, by):
        return WEBHOOK

    def rotate(self, webhook, *, by, overlap):
        return Subscribed(WEBHOOK, "whsec_b3RoZXI=")

    def pause(self, webhook, *, by):
        return WEBHOOK

    enable = pause

    def send_test(self, webhook, *, by):
        return DELIVERY

    def delete(self, webhook, *, by):
        return None

    def deliveries(self, webhook, *, by, status="", before=None, limit=50):
        return (DELIVERY,)

    def replay(self, webhook, *, by, delivery=None, since=None):
        return 1


class FreeRates:
    """Let everybody through."""

    def claim(self, rate: Rate, subject: bytes) -> Standing:
        return Standing(rate, rate.requests - 1, 1)


def a_licence(licence: LicenceId) -> LicenceView:
    return LicenceView(
        licence=licence,
        kind="disability-card",
        name="残疾人证",
        identifier="1.2.156.3005.2.11100000000000000X001.G1",
        number="G1",
        version=1,
        status=LicenceStatus.VALID,
        issuer="样例市东样区残疾人联合会",
        issued_on=date(2026, 3, 20),
        valid_until=None,
        verify_code="valid",
        file=FileId(UUID(int=8)),
        holder=PersonId(UUID(int=9)),
    )


@dataclass
class InMemoryGuidePapers:
    """Keep the words of guides instead of setting them."""

    made: list = field(default_factory=list)

    def make(self, paper):
        self.made.append(paper)
        return b"%PDF-1.7 guide"
