"""Join licences to the typesetting of cards, to the departments' registers, and to the cases that issue them."""

from collections.abc import Mapping
from datetime import date

import structlog

from gov_portal.documents.errors import TimeStampUnavailable
from gov_portal.documents.pictures import PortraitUnreadable
from gov_portal.documents.typesetting import TypesettingFailed
from gov_portal.exchange.domain import AnswerKind, LiveCase, ResourceId, Submission
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import LicenceId, PersonId
from gov_portal.kernel.logs import describe
from gov_portal.kernel.principal import Platform
from gov_portal.licences.domain import IssueOrder, LicenceStatus, LicenceView, Registration
from gov_portal.licences.ports import RegisterUnavailable
from gov_portal.licences.services import LicenceService
from workflows.ports import HeldLicence, IssuedLicence, IssueRequest, PartnerRefused, PartnerUnavailable
from workflows.services.register import CaseRegister

REGISTRATION_PURPOSE = "registration"

_log = structlog.get_logger(__name__)


class Registers:
    """Push issued and revoked licences to a department's register (归集)."""

    def __init__(self, exchange: ExchangeService, *, register: CaseRegister) -> None:
        """Send through the exchange."""
        self._exchange = exchange
        self._register = register

    def push(self, registration: Registration) -> None:
        """Hand over one act.

        Raises:
            RegisterUnavailable: the department does not take it now.
        """
        entry = self._register.find(registration.case)
        if entry is None:
            raise RegisterUnavailable
        answer = self._exchange.submit(
            Submission(
                resource=ResourceId(registration.resource),
                key=registration.subject,
                body={
                    **registration.values,
                    "licence": registration.licence,
                    "status": registration.status.value,
                },
                basis=LiveCase(registration.case, entry.item),
                purpose=REGISTRATION_PURPOSE,
                actor=Platform("licences"),
                idempotency_key=registration.idempotency_key,
            )
        )
        if answer.kind is not AnswerKind.DONE:
            raise RegisterUnavailable


class CaseLicences:
    """Let cases issue and revoke licences."""

    def __init__(self, licences: LicenceService, *, register: CaseRegister) -> None:
        """Issue through the licence service."""
        self._licences = licences
        self._register = register

    def issue(self, request: IssueRequest) -> IssuedLicence:
        """Issue once per idempotency key, by the authority that serves the case's region.

        Raises:
            PartnerUnavailable: the card cannot be typeset or its seal not be stamped now.
            PartnerRefused: no card can be made of what the case says.
        """
        entry = self._register.find(request.case)
        order = IssueOrder(
            kind=request.kind,
            seal=request.seal,
            region=entry.region if entry else "",
            case=request.case,
            case_number=request.case_number,
            holder=request.holder,
            key=request.key,
            given=request.given,
            idempotency_key=request.idempotency_key,
        )
        try:
            licence = self._make(request, order)
        except (TypesettingFailed, TimeStampUnavailable) as fault:
            raise PartnerUnavailable from fault
        except (DomainError, PortraitUnreadable) as fault:
            _log.error("licence-refused", case=str(request.case), error=describe(fault))
            raise PartnerRefused from fault
        return IssuedLicence(licence.licence, licence.verify_code)

    def _make(self, request: IssueRequest, order: IssueOrder) -> LicenceView:
        if request.replaces is None:
            return self._licences.issue(order)
        key = request.idempotency_key
        return self._licences.supersede(request.replaces, request.given, idempotency_key=key, by=Platform("workflows"))

    def held(self, holder: PersonId, *, kind: str) -> tuple[HeldLicence, ...]:
        """Return the licences of one kind that a person holds, ended ones too, newest first."""
        return tuple(_held(view, values) for view, values in self._licences.held(holder, kind=kind))

    def ending(self, *, kind: str, first_on: date, last_on: date) -> tuple[tuple[PersonId, HeldLicence], ...]:
        """Return the valid licences of one kind whose last day lies between two days, each with its holder."""
        found = self._licences.ending(first_on=first_on, last_on=last_on)
        return tuple((view.holder, _held(view, {})) for view in found if view.kind == kind)

    def revoke(self, licence: LicenceId, *, reason: str, idempotency_key: str) -> None:
        """Revoke; quietly does nothing when it is revoked already."""
        self._licences.revoke(licence, reason=reason, idempotency_key=idempotency_key)


def _held(view: LicenceView, values: Mapping[str, object]) -> HeldLicence:
    return HeldLicence(
        licence=view.licence,
        kind=view.kind,
        number=view.number,
        issued_on=view.issued_on,
        valid_until=view.valid_until,
        is_revoked=view.status is LicenceStatus.REVOKED,
        values=values,
        name=view.name,
        issuer=view.issuer,
    )
