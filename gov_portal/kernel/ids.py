"""Define the typed ids that cross packages; an id is never a bare ``str`` or ``UUID``."""

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
