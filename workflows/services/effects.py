"""Carry out the effects of a case from the outbox and bring their results back as commands."""

from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, LicenceId, OfficerId, PersonId
from gov_portal.kernel.outbox import OutboxMessage
from gov_portal.kernel.principal import Citizen, Platform
from gov_portal.kernel.types import Value
from workflows.domain.commands import Result, ResultKind
from workflows.domain.definition import APPLICANT, CallStep, IssueStep, OpenStep, PayStep, SendStep, WaitStep
from workflows.domain.expressions import evaluate
from workflows.domain.subject import LICENCE
from workflows.ports import DataRequest, IssueRequest, PartnerRefused, PartnerUnavailable, SendRequest
from workflows.services.appeals import Appeals
from workflows.services.attachments import file_owner
from workflows.services.awaiting import Awaiting
from workflows.services.billing import Billing
from workflows.services.corrections import Corrections
from workflows.services.notices import notice_facts, notice_request
from workflows.services.parts import Parts
from workflows.services.stepping import Order
from workflows.storage.counter import note_telling
from workflows.storage.lists import LicenceRow, licences_of
from workflows.storage.loading import StoredCase
from workflows.storage.parties import person_of
from workflows.storage.parts import TOPIC as PART_TOPIC
from workflows.storage.parts import PartOf
from workflows.storage.statements import Statement
from workflows.storage.visibility import visible_to

_KINDS = (
    "call",
    "issue",
    "send",
    "await",
    "bill",
    "paid",
    "undo",
    "notice",
    "tell",
    "open",
    "child",
    "recall",
    "clock",
    "supersede",
)
TOPICS = (*(f"case.{kind}" for kind in _KINDS), PART_TOPIC)
"""Topics that ``EffectService.deliver`` takes."""

_WORKER = Platform("worker")
_KEEP_LICENCE = """INSERT INTO workflows_licences (case_id, step, visit, licence, kind, verify_code)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (case_id, step, visit) DO NOTHING"""
_REVOKE = "UPDATE workflows_licences SET revoked_at = %s WHERE case_id = %s AND step = %s AND visit = %s"
_TOLD_AT_ONCE = frozenset({"case.received"})
"""What an applicant at a counter takes home on paper; everything else must be told them (需电话或窗口告知)."""

_KEEP_DOCUMENT = """INSERT INTO workflows_documents (case_id, file_id, name, step, visit, at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""


class Errand:
    """Hold one effect as it came from the outbox."""

    def __init__(self, message: OutboxMessage) -> None:
        """Read the payload that ``message_of`` wrote."""
        payload = message.payload
        detail = payload.get("detail")
        self.message = message
        self.case = CaseId(UUID(str(payload["case"])))
        self.step = str(payload.get("step", ""))
        self.visit = int(str(payload.get("visit", 0)))
        self.kind = str(payload["kind"])
        self.detail: Mapping[str, object] = detail if isinstance(detail, dict) else {}

    @property
    def key(self) -> str:
        """Return the idempotency key that the receiver gets: case, step, visit, kind."""
        return f"{self.case}:{self.step}:{self.visit}:{self.kind}"

    @property
    def may_have_happened(self) -> bool:
        """Tell whether an earlier worker began it and was lost before it could report."""
        return self.message.attempts > 1


class EffectService(Appeals, Corrections, Parts, Awaiting, Billing):
    """Deliver outbox messages of the topics in ``TOPICS``."""

    def deliver(self, message: OutboxMessage) -> None:
        """Do what the message asks and finish it in the transaction that applies the result; safe to run twice.

        A partner that does not answer is a result (``unavailable``), not an error; anything raised leaves the row for
        another attempt.
        """
        errand = Errand(message)
        stored = self._find(errand.case, sight=visible_to(_WORKER))
        if stored is None:
            self._finish(message)
            return
        carry: dict[str, Callable[[Errand, StoredCase], None]] = {
            "call": self._call,
            "issue": self._issue,
            "send": self._send,
            "await": self._await,
            "bill": self._bill_applicant,
            "paid": self._note_payment,
            "undo": self._undo,
            "notice": self._notify,
            "tell": self._tell,
            "open": self._open_appeal,
            "correct": self._open_correction,
            "supersede": self._supersede,
            "child": self._open_part,
            "recall": self._recall_part,
            "part": self._take_part,
            "clock": self._hear_part,
        }
        carry[errand.kind](errand, stored)

    def _call(self, errand: Errand, stored: StoredCase) -> None:
        step = stored.definition.steps[errand.step]
        if not isinstance(step, CallStep) or not _is_current(errand, stored):
            self._finish(errand.message)
            return
        if stored.values.get(step.key) is None:
            self._report(errand, ResultKind.ABSENT)
            return
        # What a department does, it does once for every attempt; what it is asked, it is asked anew.
        attempt = "" if step.hands else f":{errand.detail.get('attempt', 1)}"
        request = _request(stored, step, step.resource, actor=_WORKER, key=f"{errand.key}{attempt}")
        self._report(errand, self._desk.ports.exchange.ask(request).kind)

    def _issue(self, errand: Errand, stored: StoredCase) -> None:
        """Issue, or learn what an earlier attempt issued before its worker was lost.

        Where the case has left the visit meanwhile, the licence comes late and the engine has it revoked.

        Raises:
            PartnerUnavailable: what an earlier attempt did is not known now; the row is tried again.
        """
        step = stored.definition.steps[errand.step]
        is_current = _is_current(errand, stored)
        if not isinstance(step, IssueStep) or not (is_current or errand.may_have_happened):
            self._finish(errand.message)
            return
        try:
            if step.is_revoking:
                self._end_subject(errand, stored)
                return
            issued = self._desk.ports.licences.issue(self._issue_request(errand, stored, step=step))
        except PartnerUnavailable:
            if not is_current:
                raise
            self._report(errand, ResultKind.UNAVAILABLE)
            return
        except PartnerRefused:
            self._report(errand, ResultKind.FAILED)
            return
        kept = (errand.case, errand.step, errand.visit, issued.licence, step.licence, issued.verify_code)
        self._report(errand, ResultKind.DONE, also=((_KEEP_LICENCE, kept),))

    def _issue_request(self, errand: Errand, stored: StoredCase, *, step: IssueStep) -> IssueRequest:
        today = self._desk.calendar.local_date(self._desk.clock.now())
        lets = {name: stored.values.get(f"let.{name}") for name in stored.definition.lets}
        given = [cast(Value, evaluate(one, stored.values, today=today, lets=lets)) for one in step.given]
        return IssueRequest(
            kind=step.licence,
            seal=step.seal,
            case=stored.id,
            case_number=stored.case_number,
            holder=stored.applicant,
            key=stored.key_id,
            given=tuple(given),
            idempotency_key=errand.key,
            replaces=_subject_of(stored) if step.is_replacing else self._corrected_licence(stored, step),
        )

    def _corrected_licence(self, stored: StoredCase, step: IssueStep) -> LicenceId | None:
        """Return what the corrected case issued at the same step and is still in force: its next version is issued."""
        if stored.state.corrects is None:
            return None
        with self._desk.db.driver() as driver:
            issued = {row.licence for row in licences_of(driver, stored.state.corrects) if row.step == step.id}
        held = self._desk.ports.licences.held(stored.applicant, kind=step.licence)
        return next((one.licence for one in held if one.licence in issued and not one.is_revoked), None)

    def _supersede(self, errand: Errand, stored: StoredCase) -> None:
        """End what the corrected case issued and this one, being decided, did not: it has no ground any more.

        What it issued in the place of another licence stays: nobody can say what was before.
        """
        first = stored.state.corrects and self._find(stored.state.corrects, sight=visible_to(_WORKER))
        if first:
            with self._desk.db.driver() as driver:
                theirs, own = licences_of(driver, first.id), licences_of(driver, stored.id)
            kept = {row.licence for row in own if row.revoked_at is None}
            for row in theirs:
                step = first.definition.steps.get(row.step)
                is_ended = isinstance(step, IssueStep) and not step.is_replacing and row.licence not in kept
                if is_ended and row.revoked_at is None:
                    self._end_licence(first.id, row, key=errand.key)
        self._finish(errand.message)

    def _end_licence(self, case: CaseId, row: LicenceRow, *, key: str) -> None:
        self._desk.ports.licences.revoke(LicenceId(row.licence), reason="corrected", idempotency_key=key)
        with self._desk.db.driver() as driver:
            driver.execute(_REVOKE, (self._desk.clock.now(), case, row.step, row.visit))

    def _end_subject(self, errand: Errand, stored: StoredCase) -> None:
        """End the licence that the case is about (注销 撤销)."""
        licence = _subject_of(stored)
        if licence is None:
            raise PartnerRefused
        self._desk.ports.licences.revoke(licence, reason="ended by a case", idempotency_key=errand.key)
        self._report(errand, ResultKind.DONE)

    def _send(self, errand: Errand, stored: StoredCase) -> None:
        step = stored.definition.steps[errand.step]
        if not isinstance(step, SendStep) or not _is_current(errand, stored):
            self._finish(errand.message)
            return
        way = str(errand.detail.get("way") or stored.values.get(step.way))
        target = step.to.get(way, "")
        request = SendRequest(
            way=way,
            case=stored.id,
            case_number=stored.case_number,
            recipient=stored.applicant,
            address=stored.values.get(target),
            office=None,
            idempotency_key=errand.key,
        )
        try:
            kind = self._desk.ports.deliveries.send(request)
        except PartnerUnavailable:
            kind = ResultKind.UNAVAILABLE
        self._report(errand, kind)

    def _await(self, errand: Errand, stored: StoredCase) -> None:
        step = stored.definition.steps[errand.step]
        if not isinstance(step, WaitStep) or not _is_current(errand, stored):
            self._finish(errand.message)
            return
        self.wait_for_message(stored, step, visit=errand.visit, message=errand.message)

    def _bill_applicant(self, errand: Errand, stored: StoredCase) -> None:
        step = stored.definition.steps[errand.step]
        is_current = _is_current(errand, stored)
        if not isinstance(step, PayStep) or not (is_current or errand.may_have_happened):
            self._finish(errand.message)
            return
        if not is_current:
            # An earlier worker may have placed it before it was lost: the engine has it taken back.
            self._report(errand, ResultKind.FOUND)
            return
        try:
            self.place_bill(stored, step, visit=errand.visit)
        except PartnerUnavailable:
            self._report(errand, ResultKind.UNAVAILABLE)
            return
        self._report(errand, ResultKind.FOUND)

    def _note_payment(self, errand: Errand, stored: StoredCase) -> None:
        """Go on with what the payment department says of a bill."""
        self._report(errand, ResultKind(str(errand.detail["result"])))

    def _undo(self, errand: Errand, stored: StoredCase) -> None:
        step = stored.definition.steps[errand.step]
        if isinstance(step, PayStep):
            self._take_bill_back(errand, stored, step)
            return
        if isinstance(step, CallStep) and step.hands and step.undo:
            request = _request(stored, step, step.undo, actor=_WORKER, key=errand.key)
            self._report(errand, self._desk.ports.exchange.ask(request).kind, is_undo=True)
            return
        found = self._licence(errand)
        if found is None:
            # Nothing was issued that could be revoked: a call that only asked.
            self._report(errand, ResultKind.DONE, is_undo=True)
            return
        licences = self._desk.ports.licences
        try:
            licences.revoke(LicenceId(found.licence), reason="returned", idempotency_key=errand.key)
        except PartnerUnavailable:
            self._report(errand, ResultKind.UNAVAILABLE, is_undo=True)
            return
        params = (self._desk.clock.now(), errand.case, errand.step, errand.visit)
        self._report(errand, ResultKind.DONE, is_undo=True, also=((_REVOKE, params),))

    def _notify(self, errand: Errand, stored: StoredCase) -> None:
        name = str(errand.detail["document"])
        now = self._desk.clock.now()
        calendar = self._desk.calendar
        act = str(errand.detail.get("act", ""))
        facts = notice_facts(stored, errand.step, visit=errand.visit, act_id=act, calendar=calendar)
        organ = self._offices.organ(stored, str(stored.values.get(f"{errand.step}.role", "")))
        on = calendar.local_date(now)
        content = self._desk.ports.notices.make(notice_request(stored, name, authority=organ, on=on, facts=facts))
        with self._desk.db.begin() as uow:
            outbox.finish(uow, errand.message)
            kept = self._desk.files.put(
                uow, content, claimed_type="application/pdf", key=stored.key_id, owner=file_owner(stored.id)
            )
            uow.driver.execute(_KEEP_DOCUMENT, (stored.id, kept.id, name, errand.step, errand.visit, now))

    def _tell(self, errand: Errand, stored: StoredCase) -> None:
        params = {name: value for name, value in errand.detail.items() if name not in ("code", "to")}
        params |= {"case_number": stored.case_number, "item": stored.definition.facts.name, "case": str(stored.id)}
        code = str(errand.detail["code"])
        party = str(errand.detail.get("to", APPLICANT))
        person = self._addressee(stored, party)
        if person is not None:
            self._desk.ports.messages.tell(person, code, params, idempotency_key=errand.message.key)
        if party == APPLICANT and code not in _TOLD_AT_ONCE:
            at = self._desk.clock.now()
            with self._desk.db.driver() as driver:
                note_telling(driver, stored.id, code=code, key=errand.message.key, at=at)
        self._finish(errand.message)

    def _addressee(self, stored: StoredCase, party: str) -> PersonId | None:
        """Return who is told: whoever began the case, or who takes part in it as a party."""
        if party == APPLICANT:
            return PersonId(stored.row.begun_by)
        with self._desk.db.driver() as driver:
            return person_of(driver, stored.id, party=party)

    def _open_appeal(self, errand: Errand, stored: StoredCase) -> None:
        payload = errand.message.payload
        ward, hand = payload.get("acting_for"), payload.get("hand")
        citizen = Citizen(
            PersonId(UUID(str(payload["person"]))),
            ial=int(str(payload["ial"])),
            aal=int(str(payload["aal"])),
            acting_for=PersonId(UUID(str(ward))) if ward else None,
            hand=OfficerId(UUID(str(hand))) if hand else None,
        )
        self.open_successor(errand.case, by=citizen)
        self._finish(errand.message)

    def _open_correction(self, errand: Errand, stored: StoredCase) -> None:
        self.open_correction(stored.id)
        self._finish(errand.message)

    def _open_part(self, errand: Errand, stored: StoredCase) -> None:
        step = stored.definition.steps[errand.step]
        is_wanted = isinstance(step, OpenStep) and (not step.waits or _is_current(errand, stored))
        if isinstance(step, OpenStep) and is_wanted:
            self.open_part(stored, step, visit=errand.visit)
        self._finish(errand.message)

    def _recall_part(self, errand: Errand, stored: StoredCase) -> None:
        self.recall_part(PartOf(stored.id, errand.step, errand.visit))
        self._finish(errand.message)

    def _take_part(self, errand: Errand, stored: StoredCase) -> None:
        """Take back what became of a part."""
        step = stored.definition.steps[errand.step]
        if not isinstance(step, OpenStep):
            self._finish(errand.message)
            return
        result, sources = self.result_of(stored, step, visit=errand.visit)
        order = Order(by=_WORKER, message=errand.message, sources=sources)
        self._carry_out(errand.case, lambda locked: result, order=order)

    def _hear_part(self, errand: Errand, stored: StoredCase) -> None:
        """Note that a part stands or goes on, as it is now: what is told late or twice changes nothing."""
        step = stored.definition.steps[errand.step]
        result = None
        if isinstance(step, OpenStep) and _is_current(errand, stored):
            result = self.clock_of(stored, step, visit=errand.visit)
        if result is None:
            self._finish(errand.message)
            return
        self._carry_out(errand.case, lambda locked: result, order=Order(by=_WORKER, message=errand.message))

    def _take_bill_back(self, errand: Errand, stored: StoredCase, step: PayStep) -> None:
        try:
            self.take_bill_back(stored, step, visit=errand.visit)
        except PartnerUnavailable:
            self._report(errand, ResultKind.UNAVAILABLE, is_undo=True)
        except PartnerRefused:
            self._report(errand, ResultKind.FAILED, is_undo=True)
        else:
            self._report(errand, ResultKind.DONE, is_undo=True)

    def _report(
        self, errand: Errand, kind: ResultKind, *, is_undo: bool = False, also: tuple[Statement, ...] = ()
    ) -> None:
        result = Result(errand.step, errand.visit, kind, is_undo=is_undo)
        order = Order(by=_WORKER, message=errand.message, also=also)
        self._carry_out(errand.case, lambda stored: result, order=order)

    def _licence(self, errand: Errand) -> LicenceRow | None:
        with self._desk.db.driver() as driver:
            rows = licences_of(driver, errand.case)
        return next((row for row in rows if (row.step, row.visit) == (errand.step, errand.visit)), None)

    def _finish(self, message: OutboxMessage) -> None:
        with self._desk.db.begin() as uow:
            outbox.finish(uow, message)


def _request(stored: StoredCase, step: CallStep, resource: str, *, actor: Platform, key: str) -> DataRequest:
    """Return what a call asks of a resource, or hands over to it."""
    purposes = [one.purpose for one in stored.definition.prefills if one.source == resource and one.purpose]
    return DataRequest(
        resource=resource,
        case=stored.id,
        item=stored.item,
        subject=stored.applicant,
        key=str(stored.values.get(step.key)),
        fields=(),
        match={path.rpartition(".")[2]: stored.values.get(path) for path in step.match},
        hands={path.rpartition(".")[2]: stored.values.get(path) for path in step.hands},
        purpose=purposes[0] if purposes else stored.item,
        actor=actor,
        idempotency_key=key,
    )


def _subject_of(stored: StoredCase) -> LicenceId | None:
    """Return the licence that a case is about."""
    licence = stored.values.get(LICENCE)
    return None if licence is None else LicenceId(UUID(str(licence)))


def _is_current(errand: Errand, stored: StoredCase) -> bool:
    """Tell whether the visit still waits for this effect; what was cancelled before it began is not begun."""
    return any(active.step == errand.step and active.visit == errand.visit for active in stored.state.active)
