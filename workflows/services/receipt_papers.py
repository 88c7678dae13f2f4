"""Give out the receipt (收件回执) of an application as a paper that its applicant can keep and show."""

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from workflows.domain.definition import HumanStep
from workflows.services.errors import CaseUnknown
from workflows.services.notices import notice_request, spell_duration
from workflows.services.reads import Reads
from workflows.services.receipts import region_of
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to

RECEIPT = "收件回执"
WANTED = "wanted"
"""State of a material that was not handed in."""


class ReceiptPapers(Reads):
    """Make receipts anew whenever they are asked for; what they say never changes."""

    def receipt_paper(self, case: CaseId, *, by: Citizen) -> bytes:
        """Return the sealed PDF: what was received, when, by whom, and what was handed in with it.

        Raises:
            CaseUnknown: no such case for this person, or it is not handed in yet.
        """
        stored = self._find(case, sight=visible_to(by))
        if stored is None or stored.state.clock.received_on is None or stored.row.submitted_at is None:
            raise CaseUnknown
        definition = stored.definition
        materials = self._materials(stored, by=by)
        facts = {
            "received_on": stored.state.clock.received_on,
            "limit": spell_duration(definition.facts.promised),
            "materials": tuple(one.name for one in materials if one.state != WANTED),
        }
        on = self._desk.calendar.local_date(stored.row.submitted_at)
        authority = self._receiving_organ(stored)
        return self._desk.ports.notices.make(notice_request(stored, RECEIPT, authority=authority, on=on, facts=facts))

    def _receiving_organ(self, stored: StoredCase) -> str:
        """Return the office that looks at an application first; where no officer does, the item's own."""
        steps = stored.definition.steps.values()
        roles = (step.by for step in steps if isinstance(step, HumanStep) and step.by in stored.definition.roles)
        role = next(roles, None)
        if role is not None:
            return self._offices.organ(stored, role)
        return self._offices.name(stored.definition.facts.authority, region_of(stored))
