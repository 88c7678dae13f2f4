"""Name a request by an id that callers may give and that no log need hide."""

import re
from random import getrandbits

from gov_portal.kernel.personal import looks_personal

HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def accepted(given: str) -> str:
    """Return the id that a caller gave, or a new one where it is none or could be somebody's number."""
    is_fit = _ACCEPTED.fullmatch(given) is not None and not looks_personal(given)
    # No secret, so the system need not be asked for chance: that would let go of the interpreter for every request.
    return given if is_fit else f"{getrandbits(128):032x}"
