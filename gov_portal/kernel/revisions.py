"""Know the revisions of the schema that this release brings."""

import re
from functools import cache
from pathlib import Path

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_REVISION = re.compile(r'^revision = "(.+)"\n(?:.*\n)*?down_revision = (?:"(.+)"|None)$', re.MULTILINE)


@cache
def revisions() -> tuple[str, ...]:
    """Return the revisions, the newest first; each follows on one other, as their files say."""
    written = [_REVISION.search(path.read_text("utf-8")) for path in (MIGRATIONS / "versions").glob("[0-9]*.py")]
    following = {found[2]: found[1] for found in written if found}
    chain: list[str] = []
    while newer := following.get(chain[-1] if chain else None):
        chain.append(newer)
    return tuple(reversed(chain))
