"""Build and check the identifier of a licence (证照标识).

``1.2.156.3005.2.<type code>.<issuer code>.<serial>.<version>.<check>``: the type code is the credit code of the
defining authority and three digits, the version has three digits and rises while the rest stays.

Source: GB/T 36904-2018; check character ISO/IEC 7064 MOD 37,36 over everything between root and check, without dots.
"""

import re
from dataclasses import dataclass, replace

from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

ROOT = "1.2.156.3005.2"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PART = re.compile(r"[0-9A-Z]{1,40}")
_VERSION = re.compile(r"[0-9]{3}")


def check_character(body: str) -> str:
    """Return the check character (ISO/IEC 7064 MOD 37,36) of digits and capital letters.

    Raises:
        CodeInvalid: if ``body`` is empty or holds anything else.
    """
    if not body or any(character not in _VALUES for character in body):
        raise CodeInvalid(CodeFault.FORM)
    carry = 36
    for character in body:
        carry = (carry + _VALUES[character]) % 36 or 36
        carry = carry * 2 % 37
    return ALPHABET[(37 - carry) % 36]


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """Hold the parts of an identifier; ``str()`` gives it back with its check character.

    Attributes:
        type_code: licence type (证照类型代码), credit code of the defining authority and three digits.
        issuer_code: issuing authority (颁发机构代码), a credit code or an area code.
        serial: digits and capital letters (流水号).
        version: 1 to 999 (版本号).
    """

    type_code: str
    issuer_code: str
    serial: str
    version: int

    def __post_init__(self) -> None:
        """Refuse parts that no identifier can hold."""
        if not all(_PART.fullmatch(part) for part in (self.type_code, self.issuer_code, self.serial)):
            raise CodeInvalid(CodeFault.FORM)
        # Version 000 is seen in the wild for licences that were digitised afterwards.
        if not 0 <= self.version <= 999:
            raise CodeInvalid(CodeFault.FORM)

    @property
    def check(self) -> str:
        """Return the check character."""
        return check_character(f"{self.type_code}{self.issuer_code}{self.serial}{self.version:03d}")

    def __str__(self) -> str:
        """Return the whole identifier."""
        return f"{ROOT}.{self.type_code}.{self.issuer_code}.{self.serial}.{self.version:03d}.{self.check}"

    def next_version(self) -> "LicenceIdentifier":
        """Return the identifier of the version that supersedes this one.

        Raises:
            CodeInvalid: after version 999.
        """
        return replace(self, version=self.version + 1)


def parse(text: str) -> LicenceIdentifier:
    """Read an identifier and check it.

    Raises:
        CodeInvalid: with the first fault found: form, check.
    """
    if not text.startswith(ROOT + "."):
        raise CodeInvalid(CodeFault.FORM)
    parts = text.removeprefix(ROOT + ".").split(".")
    if len(parts) != 5 or not _VERSION.fullmatch(parts[3]):
        raise CodeInvalid(CodeFault.FORM)
    identifier = LicenceIdentifier(parts[0], parts[1], parts[2], int(parts[3]))
    if identifier.check != parts[4]:
        raise CodeInvalid(CodeFault.CHECK)
    return identifier


def build(type_code: str, issuer_code: str, *, serial: str, version: int = 1) -> LicenceIdentifier:
    """Compose an identifier.

    Raises:
        CodeInvalid: if a part holds anything but digits and capital letters.
    """
    return LicenceIdentifier(type_code, issuer_code, serial, version)
