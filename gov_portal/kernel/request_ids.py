"""Name a request by an id that callers may give and that no log need hide."""

import re
from uuid import uuid4

from gov_portal.kernel.personal import looks_personal

HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def accepted(given: str) -> str:
    """Return the id that a caller gave, or a new one where it is none or could be somebody's number."""
    is_fit = _ACCEPTED.fullmatch(given) is not None and not looks_personal(given)
    return given if is_fit else uuid4().hex
