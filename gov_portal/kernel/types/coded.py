"""Define the types whose values are codes: citizen id, credit code, phone, region."""

import re
from dataclasses import dataclass
from datetime import date

from gov_portal.kernel.codes import citizen_id, credit_code
from gov_portal.kernel.codes.division import Divisions, is_code
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid
from gov_portal.kernel.types.base import FieldType, Sensitivity, Value, narrow
from gov_portal.kernel.types.faults import Fault, ValueRefused
from gov_portal.kernel.types.textual import compact

PHONE_LENGTH = 11

_PHONE = re.compile(r"1[2-9][0-9]{9}")
_CN_ID_FAULTS = {
    CodeFault.LENGTH: Fault.CN_ID_LENGTH,
    CodeFault.FORM: Fault.CN_ID_FORM,
    CodeFault.BIRTH: Fault.CN_ID_BIRTH,
    CodeFault.CHECK: Fault.CN_ID_CHECK,
}
_CREDIT_CODE_FAULTS = {
    CodeFault.LENGTH: Fault.CREDIT_CODE_LENGTH,
    CodeFault.FORM: Fault.CREDIT_CODE_FORM,
    CodeFault.CHECK: Fault.CREDIT_CODE_CHECK,
}


@dataclass(frozen=True, slots=True)
class CnId(FieldType):
    """Hold a citizen identification number (公民身份号码)."""

    @property
    def name(self) -> str:
        """Return ``cn_id``."""
        return "cn_id"

    @property
    def sensitivity(self) -> int:
        """Return the class of sensitive data."""
        return Sensitivity.SENSITIVE

    def parse(self, raw: object) -> Value:
        """Return the number in capital letters; spaces, a small x and full-width digits are accepted."""
        try:
            return citizen_id.validate(compact(raw))
        except CodeInvalid as error:
            raise _refused(error, _CN_ID_FAULTS) from None

    def json_schema(self) -> dict[str, object]:
        """Return the schema of the form; the check character is beyond JSON Schema."""
        return {"type": "string", "pattern": "^[1-9][0-9]{16}[0-9X]$"}

    def sample(self) -> Value:
        """Return a number of the made-up province, whose area code was never assigned."""
        return citizen_id.build("470101", date(1990, 5, 1), sequence=1)

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)

    def _mask(self, value: Value) -> str:
        number = narrow(value, str)
        return f"{number[:6]}********{number[-4:]}"


@dataclass(frozen=True, slots=True)
class CreditCode(FieldType):
    """Hold a unified social credit code (统一社会信用代码)."""

    @property
    def name(self) -> str:
        """Return ``credit_code``."""
        return "credit_code"

    @property
    def sensitivity(self) -> int:
        """Return the class of public data: the code is printed on every business licence."""
        return Sensitivity.PUBLIC

    def parse(self, raw: object) -> Value:
        """Return the code in capital letters."""
        try:
            return credit_code.validate(compact(raw))
        except CodeInvalid as error:
            raise _refused(error, _CREDIT_CODE_FAULTS) from None

    def json_schema(self) -> dict[str, object]:
        """Return the schema of the form."""
        return {"type": "string", "pattern": "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"}

    def sample(self) -> Value:
        """Return a code of a registrar that does not exist, in the made-up province."""
        return credit_code.build("G", "1", division_code="470000", serial="00000001")

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)


@dataclass(frozen=True, slots=True)
class Phone(FieldType):
    """Hold a mobile number of the mainland, without country code; 120 is the range of made-up people."""

    @property
    def name(self) -> str:
        """Return ``phone``."""
        return "phone"

    @property
    def sensitivity(self) -> int:
        """Return the class of personal data."""
        return Sensitivity.PERSONAL

    def parse(self, raw: object) -> Value:
        """Return the eleven digits; a leading +86 is dropped."""
        text = compact(raw)
        digits = text.removeprefix("+86") if text.startswith("+86") else text.removeprefix("0086")
        if not digits.isdecimal():
            raise ValueRefused(Fault.PHONE_FORM)
        if len(digits) != PHONE_LENGTH:
            raise ValueRefused(Fault.PHONE_LENGTH, expected=PHONE_LENGTH, length=len(digits))
        if not _PHONE.fullmatch(digits):
            raise ValueRefused(Fault.PHONE_FORM)
        return digits

    def json_schema(self) -> dict[str, object]:
        """Return the schema of eleven digits."""
        return {"type": "string", "pattern": "^1[2-9][0-9]{9}$"}

    def sample(self) -> Value:
        """Return a number of a range that no network uses."""
        return "12000000001"

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)

    def _mask(self, value: Value) -> str:
        digits = narrow(value, str)
        return f"{digits[:3]}****{digits[-4:]}"


@dataclass(frozen=True, slots=True)
class Region(FieldType):
    """Hold a division code (行政区划代码) of 6, 9 or 12 digits."""

    @property
    def name(self) -> str:
        """Return ``region``."""
        return "region"

    @property
    def sensitivity(self) -> int:
        """Return the class of internal data."""
        return Sensitivity.INTERNAL

    def parse(self, raw: object) -> Value:
        """Return the code; outside the provinces that the table carries in full only the province is checked."""
        code = compact(raw)
        if not is_code(code):
            raise ValueRefused(Fault.REGION_FORM)
        if not Divisions.default().is_plausible(code):
            raise ValueRefused(Fault.REGION_UNKNOWN)
        return code

    def json_schema(self) -> dict[str, object]:
        """Return the schema of the form."""
        return {"type": "string", "pattern": "^[0-9]{6}([0-9]{3}){0,2}$"}

    def sample(self) -> Value:
        """Return a district of the made-up province."""
        return "470101"

    def _load(self, stored: object) -> Value:
        return narrow(stored, str)

    def _show(self, value: Value) -> str:
        return Divisions.default().name(narrow(value, str))


def _refused(error: CodeInvalid, faults: dict[CodeFault, Fault]) -> ValueRefused:
    fault = faults[error.fault]
    if error.fault is CodeFault.LENGTH:
        return ValueRefused(fault, expected=error.expected, length=error.length)
    return ValueRefused(fault)
