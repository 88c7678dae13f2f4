"""Let an applicant pay all bills of a bundle (一件事) at once (合并缴款)."""

from collections.abc import Callable, Iterator

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from workflows.ports import JointRequest, PartnerRefused, PartnerUnavailable
from workflows.services.errors import BillsMoved, CaseUnknown, NothingToPay, PaymentUnavailable
from workflows.services.reads import Reads
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.views import DueBill, JointBillView


class Dues(Reads):
    """Gather the bills that wait in a case and in its parts.

    Every bill stays the bill of its own part: the payment department takes the money of all of them or of none, and
    tells each part by itself, so nothing here has to be kept or repaired.
    """

    def joint_bill(self, case: CaseId, *, by: Citizen) -> JointBillView:
        """Show every bill that waits, and where all are paid at once if they are joined.

        Raises:
            CaseUnknown: no such case for this person.
            PaymentUnavailable: the payment department does not answer.
        """
        return self._joint(case, by=by, pay_url=self._desk.ports.payments.joint_url)

    def join_bills(self, case: CaseId, *, by: Citizen) -> JointBillView:
        """Let every bill that waits be paid at once; the same again for the same bills.

        Raises:
            CaseUnknown: no such case for this person.
            NothingToPay: no bill waits.
            BillsMoved: one of them was paid or taken back just now.
            PaymentUnavailable: the payment department does not answer.
        """
        view = self._joint(case, by=by, pay_url=self._desk.ports.payments.join)
        if not view.bills:
            raise NothingToPay
        return view

    def _joint(self, case: CaseId, *, by: Citizen, pay_url: Callable[[JointRequest], str]) -> JointBillView:
        stored = self._find(case, sight=visible_to(by))
        if stored is None:
            raise CaseUnknown
        bills = tuple(self._due(stored, by=by))
        url = ""
        if bills:
            keys = tuple((due.case, due.bill.step, due.visit) for due in bills)
            try:
                url = pay_url(JointRequest(case, stored.case_number, keys))
            except PartnerUnavailable:
                raise PaymentUnavailable from None
            except PartnerRefused:
                raise BillsMoved from None
        return JointBillView(case, stored.case_number, stored.definition.facts.name, bills, url)

    def _due(self, stored: StoredCase, *, by: Citizen) -> Iterator[DueBill]:
        parts = self.part_cases(stored.id, by=by).values() if stored.definition.parts else ()
        for one in (stored, *(self._find(part, sight=visible_to(by)) for part in parts)):
            if one is not None:
                facts, visits = one.definition.facts, one.state.visits
                for bill in self.bills_of(one, by=by):
                    if bill.pay_url:
                        yield DueBill(one.id, facts.name, facts.authority, visits[bill.step], bill)
