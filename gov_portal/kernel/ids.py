"""Define the typed ids that cross packages; an id is never a bare ``str`` or ``UUID``."""

import secrets
import time
from typing import NewType
from uuid import UUID

CaseId = NewType("CaseId", UUID)
PersonId = NewType("PersonId", UUID)
OfficerId = NewType("OfficerId", UUID)
LicenceId = NewType("LicenceId", UUID)
CopyId = NewType("CopyId", UUID)
FileId = NewType("FileId", UUID)
KeyId = NewType("KeyId", UUID)
"""One envelope key; personal data of one person share one, so deleting it shreds them."""

ItemId = NewType("ItemId", str)
"""Dotted id of a service item, such as ``cdpf.disability-card.first``."""

TaskKey = NewType("TaskKey", str)
"""Names one open task inside its case: ``<step>.<visit>`` or ``<step>.<visit>.<n>``."""

_VERSION, _VARIANT = 0x7 << 76, 0x2 << 62
_RANDOM = ((1 << 80) - 1) & ~((0xF << 76) | (0x3 << 62))


def new_case_id() -> CaseId:
    """Return an id that sorts by the millisecond in which it is made (UUID version 7), and is random beside that.

    So what is new lies together in every index, and costs the same however many cases are stored.
    """
    milliseconds = time.time_ns() // 1_000_000
    return CaseId(UUID(int=(milliseconds << 80) | _VERSION | _VARIANT | (secrets.randbits(80) & _RANDOM)))
