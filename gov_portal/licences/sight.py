"""Say whose concern a licence is: one predicate for every list and every read."""

from gov_portal.kernel.principal import Citizen, Platform, Principal
from gov_portal.licences.domain import LicenceNotFound
from gov_portal.licences.storage import StoredVersion


def visible_to(stored: StoredVersion, principal: Principal) -> bool:
    """Tell whether a licence is the concern of a principal: the holder, who acts for the holder, or the platform."""
    match principal:
        case Citizen():
            return stored.holder == principal.subject
        case Platform():
            return True
        case _:
            return False


def visible(stored: StoredVersion | None, by: Principal) -> StoredVersion:
    """Return what is there and may be seen.

    Raises:
        LicenceNotFound: there is none, or it is not the concern of ``by``.
    """
    if stored is None or not visible_to(stored, by):
        raise LicenceNotFound
    return stored
