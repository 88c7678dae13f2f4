"""Judge passwords: long enough, not widely known, no plain pattern, nothing of the person's own data.

Source: the approach of NIST SP 800-63B, 3.1.1: length and a refusal list instead of rules of composition.
"""

import unicodedata
from collections.abc import Iterable

from identity.domain.errors import PasswordTooLong, PasswordTooShort, PasswordTrivial

SHORTEST = 10
LONGEST = 128
_FEWEST_DIFFERENT = 4
_OWN_DATA_PIECE = 6

WIDELY_KNOWN = frozenset(
    """
    0123456789 0987654321 1234567890 12345678910 123456789a a123456789 1234567891 9876543210 1122334455
    147258369a 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 qwerty1234 qwer123456 asdfghjkl1 zxcvbnm123
    password12 password123 password1234 passw0rd12 passw0rd123 p@ssw0rd12 p@ssw0rd123 p@ssword123 administrator
    admin12345 admin123456 admin@12345 iloveyou12 iloveyou123 iloveyou520 woaini1314 woaini520520 woaini1314520
    5201314520 1314520520 5201314a520 abc1234567 abc123456789 abcd123456 abcdef1234 abcdefghij aa12345678 aa123456789
    letmein123 welcome123 welcome1234 changeme123 monkey12345 dragon12345 football123 baseball123 sunshine123
    princess123 superman123 trustno1trustno1 qazwsxedcrfv 1qazxsw23edc zaq12wsxcde3 q1w2e3r4t5 asdf123456 zxcv123456
    """.split()  # noqa: SIM905 - a list of sixty strings is harder to read
)
"""The most common leaked passwords that are long enough; an operator's longer list belongs behind this name."""

_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def normalise(password: str) -> str:
    """Return the password in one Unicode form, so that every keyboard gives the same bytes."""
    return unicodedata.normalize("NFKC", password)


def judge(password: str, *, own_data: Iterable[str] = ()) -> str:
    """Return the normalised password if it is acceptable.

    Args:
        password: as typed.
        own_data: number, phone and the like of the person; no long piece of them may stand in the password.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTrivial: with ``field`` set.
    """
    text = normalise(password)
    if len(text) < SHORTEST:
        raise PasswordTooShort(field="password", minimum=SHORTEST)
    if len(text) > LONGEST:
        raise PasswordTooLong(field="password", maximum=LONGEST)
    if _is_trivial(text.casefold(), own_data):
        raise PasswordTrivial(field="password")
    return text


def _is_trivial(text: str, own_data: Iterable[str]) -> bool:
    if len(set(text)) < _FEWEST_DIFFERENT or text in WIDELY_KNOWN:
        return True
    if any(text in run or text in run[::-1] for run in _RUNS):
        return True
    return any(piece in text for datum in own_data for piece in _pieces(datum.casefold()))


def _pieces(datum: str) -> Iterable[str]:
    if len(datum) < _OWN_DATA_PIECE:
        return
    for start in range(len(datum) - _OWN_DATA_PIECE + 1):
        yield datum[start : start + _OWN_DATA_PIECE]
