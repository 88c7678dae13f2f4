"""Check the citizen identification number (公民身份号码).

The residence permits of Hong Kong and Macao (81, 82) and Taiwan (83) residents and the permanent residence card of
foreigners since 2023 (first digit 9) have the same 18 places, birth date and check character. The area digits are
never compared with a list: numbers keep area codes that were abolished long ago.

Source: GB 11643-1999; check character ISO 7064 MOD 11-2.
"""

import re
from datetime import date
from enum import StrEnum

from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_BODY = re.compile(r"[0-9]{17}")


class Sex(StrEnum):
    """Name the sex that the sequence number tells: odd is male."""

    MALE = "male"
    FEMALE = "female"


def check_character(body: str) -> str:
    """Return the check character of the first 17 digits.

    Raises:
        CodeInvalid: if ``body`` is not 17 digits.
    """
    if not _BODY.fullmatch(body):
        raise CodeInvalid(CodeFault.FORM)
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return CHECK_CHARACTERS[total % 11]


def validate(number: str) -> str:
    """Return the number unchanged if it can exist: 18 places, a real birth date, the right check character.

    Raises:
        CodeInvalid: with the first fault found: length, form, birth, check.
    """
    if len(number) != LENGTH:
        raise CodeInvalid(CodeFault.LENGTH, length=len(number), expected=LENGTH)
    if not _FORM.fullmatch(number):
        raise CodeInvalid(CodeFault.FORM)
    _birth_of(number)
    if check_character(number[:-1]) != number[-1]:
        raise CodeInvalid(CodeFault.CHECK)
    return number


def is_valid(number: str) -> bool:
    """Tell whether the number can exist."""
    try:
        validate(number)
    except CodeInvalid:
        return False
    return True


def birth(number: str) -> date:
    """Return the birth date inside a valid number.

    Raises:
        CodeInvalid: if the number is not valid.
    """
    return _birth_of(validate(number))


def sex(number: str) -> Sex:
    """Return the sex inside a valid number.

    Raises:
        CodeInvalid: if the number is not valid.
    """
    return Sex.MALE if int(validate(number)[16]) % 2 else Sex.FEMALE


def build(area: str, born_on: date, *, sequence: int) -> str:
    """Compose a number with its check character, for samples and made-up people.

    Args:
        area: six digits.
        born_on: birth date.
        sequence: 0 to 999; odd is male.
    """
    body = f"{area}{born_on:%Y%m%d}{sequence:03d}"
    return validate(body + check_character(body))


def _birth_of(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise CodeInvalid(CodeFault.BIRTH) from None
