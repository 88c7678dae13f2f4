"""Showing a licence, and what whoever scans it sees."""

from uuid import UUID

from gov_portal.licences.annotated import TooManyCopies
from gov_portal.licences.domain import CopyStatus, LicenceStatus
from gov_portal.licences.presentation import LicenceNotInForce
from tests.acceptance.stops import Stop
from tests.factories.showing import COPY, SHOWN_CODE, a_presented, a_verified_copy

_LICENCE = UUID(int=7)
_COPIES = f"/wallet/{_LICENCE}/copies"
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
    "annotated copies": Stop(_COPIES, "citizen"),
    "no annotated copies": Stop(_COPIES, "citizen", {"copies.made": ()}),
    "new annotated copy": Stop(f"{_COPIES}/new", "citizen"),
    "new annotated copy with faults": Stop(f"{_COPIES}/new", "citizen", press="生成加注件"),
    "one annotated copy too many": Stop(
        f"{_COPIES}/new", "citizen", {"copies.refuse": {"make": TooManyCopies(most=20)}}, press="生成加注件"
    ),
    "withdraw an annotated copy": Stop(f"{_COPIES}/{COPY}/withdraw", "citizen"),
    "verified copy": Stop("/verify/copy", state={"licences.copies_found": {"copy": a_verified_copy()}}),
    "verified copy that was withdrawn": Stop(
        "/verify/copy",
        state={"licences.copies_found": {"copy": a_verified_copy(LicenceStatus.WITHDRAWN, copy=CopyStatus.WITHDRAWN)}},
    ),
    "verified copy of a revoked licence": Stop(
        "/verify/copy",
        state={
            "licences.copies_found": {"copy": a_verified_copy(LicenceStatus.REVOKED, licence=LicenceStatus.REVOKED)}
        },
    ),
}
