"""Say what is the citizens' own in the pages of a case."""

from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.fronts import Front


def own() -> Front:
    """Return the front of the signed-in person, for the pages that fronts share."""
    return Front(current_citizen(), folder="citizen", blueprint="citizen")
