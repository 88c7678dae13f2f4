"""Showing a licence, and what whoever scans it sees."""

from uuid import UUID

from gov_portal.licences.domain import LicenceStatus
from gov_portal.licences.presentation import LicenceNotInForce
from tests.acceptance.stops import Stop
from tests.factories.showing import SHOWN_CODE, a_presented

_LICENCE = UUID(int=7)
_CHECKED = f"/verify/shown/{SHOWN_CODE}"

STOPS: dict[str, Stop] = {
    "show a licence": Stop(f"/wallet/{_LICENCE}/present", "citizen"),
    "show a licence that has ended": Stop(
        f"/wallet/{_LICENCE}/present", "citizen", {"presentations.refuse": {"present": LicenceNotInForce()}}
    ),
    "shown and valid": Stop(_CHECKED),
    "shown and checked before": Stop(_CHECKED, state={"presentations.found": a_presented(checks=3)}),
    "shown and revoked": Stop(_CHECKED, state={"presentations.found": a_presented(LicenceStatus.REVOKED)}),
    "shown too late": Stop("/verify/shown/late"),
}
