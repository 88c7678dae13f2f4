"""What the licence service says becomes what a case understands."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from gov_portal.documents.errors import TimeStampUnavailable
from gov_portal.documents.pictures import PortraitUnreadable
from gov_portal.documents.typesetting import TypesettingFailed
from gov_portal.kernel.cipher import KeyShredded
from gov_portal.kernel.files import FileLost
from gov_portal.kernel.ids import CaseId, KeyId, PersonId
from gov_portal.licences.domain import IssuerUnknown, LicenceValuesInvalid
from gov_portal.wiring.to_licences import CaseLicences
from workflows.ports import IssueRequest, PartnerRefused, PartnerUnavailable

REQUEST = IssueRequest(
    kind="disability-card",
    seal="dept.cdpf",
    case=CaseId(uuid4()),
    case_number="470101-20260302-0000001-T",
    holder=PersonId(uuid4()),
    key=KeyId(uuid4()),
    given=("样小禾",),
    idempotency_key="1",
)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (TypesettingFailed("template card"), PartnerUnavailable),
        (TimeStampUnavailable(), PartnerUnavailable),
        (LicenceValuesInvalid(field="photo"), PartnerRefused),
        (IssuerUnknown(), PartnerRefused),
        (FileLost(), PartnerRefused),
        (KeyShredded(), PartnerRefused),
        (PortraitUnreadable("OSError"), PartnerRefused),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_only_what_may_go_better_later_is_tried_again(fault: Exception, told: type[Exception]) -> None:
    def issue(order: object) -> None:
        raise fault

    register = SimpleNamespace(find=lambda case: None)
    with pytest.raises(told):
        CaseLicences(SimpleNamespace(issue=issue), register=register).issue(REQUEST)
