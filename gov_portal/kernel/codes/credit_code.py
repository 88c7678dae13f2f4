"""Check the unified social credit code (统一社会信用代码).

Source: GB 32100-2015; the organisation code inside it: GB 11714.
"""

from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_ORGANISATION_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def check_character(body: str) -> str:
    """Return the check character of the first 17 characters.

    Raises:
        CodeInvalid: if ``body`` is not 17 characters of the alphabet.
    """
    if len(body) != LENGTH - 1 or any(character not in _VALUES for character in body):
        raise CodeInvalid(CodeFault.FORM)
    total = sum(weight * _VALUES[character] for weight, character in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def validate(code: str) -> str:
    """Return the code unchanged if it has 18 characters of the alphabet and the right check character.

    Raises:
        CodeInvalid: with the first fault found: length, form, check.
    """
    if len(code) != LENGTH:
        raise CodeInvalid(CodeFault.LENGTH, length=len(code), expected=LENGTH)
    if any(character not in _VALUES for character in code) or not code[2:8].isdecimal():
        raise CodeInvalid(CodeFault.FORM)
    if check_character(code[:-1]) != code[-1]:
        raise CodeInvalid(CodeFault.CHECK)
    return code


def is_valid(code: str) -> bool:
    """Tell whether the code can exist."""
    try:
        validate(code)
    except CodeInvalid:
        return False
    return True


def organisation_check_character(body: str) -> str:
    """Return the check character of the eight characters of an organisation code (组织机构代码)."""
    total = sum(w * _ORGANISATION_VALUES[c] for w, c in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def build(registrar: str, kind: str, *, division_code: str, serial: str) -> str:
    """Compose a code with both check characters, for samples and made-up organisations.

    Args:
        registrar: registering department (登记管理部门), one character.
        kind: kind of organisation (机构类别), one character.
        division_code: six digits.
        serial: eight characters of the organisation code.
    """
    body = registrar + kind + division_code + serial + organisation_check_character(serial)
    return body + check_character(body)
