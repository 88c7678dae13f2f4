"""Pages on which holders take a licence along for programs, and checkers the verifier."""

from dataclasses import replace

from gov_portal.licences.domain import LicenceStatus
from tests.acceptance.stops import Stop
from tests.acceptance.stops.wallet import STOPS as WALLET
from tests.factories.interfaces import a_licence

_PAGE = f"{WALLET['held licence'].path}/forms"


def _revoked(licence: object, *, by: object) -> object:
    return replace(a_licence(licence), status=LicenceStatus.REVOKED)


STOPS: dict[str, Stop] = {
    "offline": Stop("/verify/offline"),
    "forms of a licence": Stop(_PAGE, "citizen"),
    "forms of an ended licence": Stop(_PAGE, "citizen", {"licences.view": _revoked}),
}
