"""Join messaging to its carriers, to what happens in cases and licences, and to what people are reminded of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import orjson

from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import LicenceId
from gov_portal.kernel.ledger import following
from gov_portal.kernel.ledger.following import CursorMoved, LedgerRow
from gov_portal.licences.services import LicenceService
from gov_portal.messaging.delivering import Deliverer
from gov_portal.messaging.emails import Letters, MailServer, SmtpCarrier
from gov_portal.messaging.events import Event
from gov_portal.messaging.news import EMAIL, SMS
from gov_portal.messaging.ports import Carrier
from gov_portal.messaging.services import TOPIC as MESSAGE_TOPIC
from gov_portal.messaging.services import MessageService
from gov_portal.messaging.sms import HttpSms, SandboxSms
from gov_portal.messaging.webhook_posts import WebhookDeliverer
from gov_portal.messaging.webhooks import TOPIC as WEBHOOK_TOPIC
from gov_portal.messaging.webhooks import Webhooks
from gov_portal.settings import Settings
from gov_portal.wiring.parking import Ending
from gov_portal.workers.work import Handler, Turn
from workflows.services import chronicle
from workflows.services.chronicle import CaseEvent, Chronicle
from workflows.services.reminders import Reminders

CURSOR = "chronicle"
FOLLOW_EVERY_S = 2.0
REMIND_EVERY_S = 60.0
SUPPLEMENT_AHEAD = timedelta(days=3)
LICENCE_AHEAD = timedelta(days=30)

_LICENCE_STREAM = "licence:"
_LICENCE_EVENTS = {"issued": "licence.issued", "revoked": "licence.revoked"}
_CASE_EVENTS = {
    chronicle.SUBMITTED: "case.submitted",
    chronicle.ACCEPTED: "case.accepted",
    chronicle.SUPPLEMENT_REQUESTED: "case.supplement_requested",
    chronicle.CLOSED: "case.closed",
    chronicle.TASK_OPENED: "task.opened",
}


def carriers_of(settings: Settings) -> Mapping[str, Carrier]:
    """Return the ways out that the settings open; in the sandbox text messages go to its desk."""
    carriers: dict[str, Carrier] = {}
    if settings.smtp_url:
        carriers[EMAIL] = SmtpCarrier(MailServer.from_url(settings.smtp_url), Letters(settings.mail_from))
    if settings.sms_url:
        carriers[SMS] = HttpSms(settings.sms_url, token=settings.sms_token)
    elif settings.is_sandbox:
        carriers[SMS] = SandboxSms()
    return carriers


class Follower:
    """Follow the ledger: count what happens in cases, and let webhooks tell of it."""

    def __init__(self, db: Database, *, cases: Chronicle, licences: LicenceService, webhooks: Webhooks) -> None:
        """Read cases and licences by their own services."""
        self._db = db
        self._cases = cases
        self._licences = licences
        self._webhooks = webhooks

    def follow(self) -> int:
        """Tell everything that has happened since the last time; return how many events.

        Several processes may follow: a stretch counts for whoever commits it first.
        """
        told = 0
        while (stretch := following.read_on(self._db, CURSOR)) is not None:
            happened = self._cases.read(stretch.rows)
            events = [*map(_event, filter(_is_told, happened)), *self._licence_events(stretch.rows)]
            try:
                with self._db.begin() as uow:
                    following.move_on(uow, CURSOR, stretch)
                    self._cases.count(uow, happened)
                    self._webhooks.enqueue(uow, events)
            except CursorMoved:
                break
            told += len(events)
        return told

    def _licence_events(self, rows: Sequence[LedgerRow]) -> list[Event]:
        return [
            self._licence_event(row)
            for row in rows
            if row.stream.startswith(_LICENCE_STREAM) and row.kind in _LICENCE_EVENTS
        ]

    def _licence_event(self, row: LedgerRow) -> Event:
        licence = LicenceId(UUID(row.stream.removeprefix(_LICENCE_STREAM)))
        case, body = self._licences.case_of(licence), orjson.loads(row.body)
        data = {"licence": str(licence), "identifier": str(body.get("identifier", "")), "case": str(case or "")}
        units = self._cases.units_of(case) if case is not None else frozenset()
        return Event(
            source=f"{row.stream}:{row.seq}", type=_LICENCE_EVENTS[row.kind], at=row.at, units=units, data=data
        )


def _is_told(event: CaseEvent) -> bool:
    return event.kind in _CASE_EVENTS


def _event(event: CaseEvent) -> Event:
    named = {"task": event.task, "step": event.step, "outcome": event.outcome}
    data = {"case": str(event.case), "case_number": event.case_number, "item": str(event.item)}
    return Event(
        source=event.source,
        type=_CASE_EVENTS[event.kind],
        at=event.at,
        units=event.units,
        data={**data, **{name: value for name, value in named.items() if value}},
    )


class Reminding:
    """Remind people once a business day of what ends soon: supplements and licences."""

    def __init__(self, messages: MessageService, *, cases: Reminders, licences: LicenceService) -> None:
        """Tell by ``messages``, under a key for each thing that ends."""
        self._messages = messages
        self._cases = cases
        self._licences = licences
        self._done_on: date | None = None

    def remind(self) -> int:
        """Tell whom nobody has told yet; return how many. A day that this process has looked at is left alone."""
        today = self._cases.today()
        if self._done_on == today:
            return 0
        told = self._supplements() + self._ending(today)
        self._done_on = today
        return told

    def _supplements(self) -> int:
        due = {f"supplement:{one.case}:{one.task}": one for one in self._cases.supplements_due(SUPPLEMENT_AHEAD)}
        for key in (untold := self._messages.untold(due.keys())):
            one = due[key]
            params = {
                "case": str(one.case),
                "case_number": one.case_number,
                "item": one.item_name,
                "due_on": one.due_on.isoformat(),
            }
            self._messages.tell(one.person, "case.supplement-due", params, idempotency_key=key)
        return len(untold)

    def _ending(self, today: date) -> int:
        found = self._licences.ending(first_on=today, last_on=today + LICENCE_AHEAD)
        ending = {f"licence:{one.licence}:{one.version}:ends": one for one in found}
        for key in (untold := self._messages.untold(ending.keys())):
            one = ending[key]
            params = {"licence": one.name, "ends_on": one.valid_until.isoformat() if one.valid_until else ""}
            self._messages.tell(one.holder, "licence.ends", params, idempotency_key=key)
        return len(untold)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """Hold what leaves the platform: messages to people and webhooks to systems."""

    messages: MessageService
    deliverer: Deliverer
    webhooks: Webhooks
    webhook_deliverer: WebhookDeliverer
    follower: Follower
    reminding: Reminding

    def handlers(self) -> Mapping[str, Handler]:
        """Return who carries out the outbox messages."""
        return {MESSAGE_TOPIC: self.deliverer.deliver, WEBHOOK_TOPIC: self.webhook_deliverer.deliver}

    def endings(self) -> Mapping[str, Ending]:
        """Return who notes that an operator has ended one."""
        return {MESSAGE_TOPIC: self.deliverer.give_up, WEBHOOK_TOPIC: self.webhook_deliverer.give_up}

    def turns(self) -> tuple[Turn, ...]:
        """Return what recurs."""
        return (
            Turn("follow-ledger", FOLLOW_EVERY_S, self.follower.follow),
            Turn("remind", REMIND_EVERY_S, self.reminding.remind),
        )

    def tidy(self) -> None:
        """Forget what was told long ago."""
        self.messages.tidy()
        self.webhooks.tidy()
