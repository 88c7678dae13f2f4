"""A licence never outlives a case that was withdrawn while it was made, whatever dies in between."""

from dataclasses import replace

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.outbox import OutboxMessage
from tests.factories.ports import InMemoryLicences
from tests.factories.town import Town
from workflows.domain.state import Status
from workflows.ports import IssuedLicence, IssueRequest, PartnerUnavailable
from workflows.services.effects import EffectService


class WorkerLost(Exception):
    """Stand for a worker that dies between acting and reporting."""


class DyingLicences(InMemoryLicences):
    """Issues, then takes the worker down before it can report."""

    def issue(self, request: IssueRequest) -> IssuedLicence:
        super().issue(request)
        raise WorkerLost


class InterruptedLicences(InMemoryLicences):
    """Lets the applicant withdraw while a licence is being made."""

    town: Town
    case: CaseId

    def issue(self, request: IssueRequest) -> IssuedLicence:
        issued = super().issue(request)
        self.town.cases.withdraw(self.case, by=self.town.citizen, reason="不需要了")
        return issued


def approved(town: Town) -> CaseId:
    case = town.reviewed()
    town.deliver_all()
    town.act(case, "approve.1", "ok", by=town.leader)
    return case


def effects_with(town: Town, licences: InMemoryLicences) -> EffectService:
    licences.issued, licences.revoked = town.doubles.licences.issued, town.doubles.licences.revoked
    return EffectService(replace(town.desk, ports=replace(town.desk.ports, licences=licences)))


def claimed(town: Town, topic: str) -> OutboxMessage:
    """Claim the one message of a topic as a worker does, taking over a lease that is not over."""
    with town.db.driver() as driver:
        sql = "UPDATE kernel_outbox SET available_at = now(), claimed_until = NULL WHERE topic = %s RETURNING id"
        ((message_id,),) = driver.execute(sql, (topic,)).fetchall()
    message = outbox.claim(town.db, message_id)
    assert message is not None
    return message


def lost_between_issuing_and_reporting(town: Town) -> CaseId:
    case = approved(town)
    with pytest.raises(WorkerLost):
        effects_with(town, DyingLicences()).deliver(claimed(town, "case.issue"))
    assert len(town.doubles.licences.issued) == 1
    town.cases.withdraw(case, by=town.citizen, reason="不需要了")
    return case


def assert_undone(town: Town, case: CaseId) -> None:
    ((_, licence),) = town.doubles.licences.issued.values()
    assert town.doubles.licences.revoked == [licence.licence]
    view = town.cases.view(case, by=town.citizen)
    assert (view.status, view.outcome) == (Status.CLOSED, "withdrawn")
    assert view.licence is None or not view.licence.is_valid
    told = [entry.kind for entry in view.timeline]
    assert told[-1] == "undone"
    assert "withdrawn" in told and "issued" not in told
    assert town.outbox() == []


def test_a_licence_whose_worker_died_is_revoked_after_a_withdrawal(town: Town) -> None:
    case = lost_between_issuing_and_reporting(town)
    town.effects.deliver(claimed(town, "case.issue"))
    town.deliver_all()
    assert_undone(town, case)


def test_an_outage_does_not_make_a_lost_licence_forgotten(town: Town) -> None:
    case = lost_between_issuing_and_reporting(town)
    town.doubles.licences.is_down = True
    with pytest.raises(PartnerUnavailable):
        town.effects.deliver(claimed(town, "case.issue"))
    town.doubles.licences.is_down = False
    town.effects.deliver(claimed(town, "case.issue"))
    town.deliver_all()
    assert_undone(town, case)


def test_a_withdrawal_while_the_licence_is_made_revokes_it(town: Town) -> None:
    case = approved(town)
    licences = InterruptedLicences()
    licences.town, licences.case = town, case
    effects_with(town, licences).deliver(claimed(town, "case.issue"))
    town.deliver_all()
    assert_undone(town, case)


def test_a_licence_that_nobody_began_is_not_issued_for_a_withdrawn_case(town: Town) -> None:
    case = approved(town)
    town.cases.withdraw(case, by=town.citizen)
    town.deliver_all()
    assert town.doubles.licences.issued == {}
    assert town.cases.view(case, by=town.citizen).licence is None
