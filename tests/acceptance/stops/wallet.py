"""Pages of the wallet: all licences, none, some that have ended, and one of them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.domain import LicenceStatus
from tests.acceptance.stops import Stop
from tests.factories.interfaces import a_licence

_HELD = a_licence(LicenceId(UUID(int=7)))
_ENDED = (
    replace(_HELD, status=LicenceStatus.REVOKED),
    replace(_HELD, status=LicenceStatus.EXPIRED, valid_until=date(2026, 1, 31)),
)

STOPS: dict[str, Stop] = {
    "wallet": Stop("/wallet", "citizen"),
    "empty wallet": Stop("/wallet", "citizen", {"licences.held": ()}),
    "wallet of ended licences": Stop("/wallet", "citizen", {"licences.held": _ENDED}),
    "held licence": Stop(f"/wallet/{_HELD.licence}", "citizen"),
}
