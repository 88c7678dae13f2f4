"""Define the types whose values point at something kept elsewhere: image, file, officer, licence."""

import re
from dataclasses import dataclass
from uuid import UUID

from gov_portal.kernel.codes import licence_id
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid
from gov_portal.kernel.types.base import FieldType, Sensitivity, Value, narrow
from gov_portal.kernel.types.faults import Fault, ValueRefused
from gov_portal.kernel.types.textual import compact

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID_SCHEMA: dict[str, object] = {"type": "string", "format": "uuid"}
_SAMPLE_ID = "00000000-0000-4000-8000-000000000001"


class _Reference(FieldType):
    """Hold the id of something that is kept elsewhere."""

    __slots__ = ()

    def parse(self, raw: object) -> Value:
        """Return the id as text."""
        return _parse_id(raw)

    def json_schema(self) -> dict[str, object]:
        """Return the schema of an id."""
        return dict(_UUID_SCHEMA)

    def sample(self) -> Value:
        """Return an id that nothing has."""
        return _SAMPLE_ID

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)


@dataclass(frozen=True, slots=True)
class File(_Reference):
    """Hold the id of a stored file; type and size were checked when it was stored."""

    @property
    def name(self) -> str:
        """Return ``file``."""
        return "file"

    @property
    def sensitivity(self) -> int:
        """Return the class of sensitive data: nobody knows what is in a file."""
        return Sensitivity.SENSITIVE

    def _show(self, value: Value) -> str:
        return "已提供"


@dataclass(frozen=True, slots=True)
class Image(File):
    """Hold the id of a stored picture."""

    @property
    def name(self) -> str:
        """Return ``image``."""
        return "image"


@dataclass(frozen=True, slots=True)
class OfficerRef(_Reference):
    """Hold the id of an officer."""

    @property
    def name(self) -> str:
        """Return ``officer``."""
        return "officer"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL


@dataclass(frozen=True, slots=True)
class LicenceRef(FieldType):
    """Hold the identifier (证照标识) of a licence of one kind."""

    kind: str

    @property
    def name(self) -> str:
        """Return ``licence(kind)``."""
        return f"licence({self.kind})"

    @property
    def sensitivity(self) -> int:
        """Return the class of personal data."""
        return Sensitivity.PERSONAL

    def parse(self, raw: object) -> Value:
        """Return the identifier with its check character."""
        try:
            return str(licence_id.parse(compact(raw)))
        except CodeInvalid as error:
            is_check = error.fault is CodeFault.CHECK
            raise ValueRefused(Fault.LICENCE_CHECK if is_check else Fault.LICENCE_FORM) from None

    def json_schema(self) -> dict[str, object]:
        """Return the schema of the form."""
        return {"type": "string", "pattern": rf"^{re.escape(licence_id.ROOT)}(\.[0-9A-Z]+){{3}}\.[0-9]{{3}}\.[0-9A-Z]$"}

    def sample(self) -> Value:
        """Return an identifier of a made-up authority."""
        return str(licence_id.build("G14700000000000017001", "G1470000000000001X", serial="000001"))

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)

    def _mask(self, value: Value) -> str:
        return f"…{narrow(value, str)[-8:]}"


def _parse_id(raw: object) -> str:
    text = str(raw) if isinstance(raw, UUID) else raw
    text = text.strip().lower() if isinstance(text, str) else compact(text)
    if not _UUID.fullmatch(text):
        raise ValueRefused(Fault.MISSING if not text else Fault.REFERENCE_FORM)
    return text
