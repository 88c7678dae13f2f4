"""Conceal claims so that a holder may disclose some of them, and put what was disclosed back; pure but for the salts.

Source: RFC 9901 (SD-JWT), sections 4.2 and 7.1. Signatures are made and checked elsewhere, see ``ports.Tokens``.
"""

import binascii
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from gov_portal.kernel.errors import Invalid

ALGORITHM = "sha-256"
_DIGESTS, _ELEMENT, _ALGORITHM = "_sd", "...", "_sd_alg"
_SALT_BYTES = 16
_DEEPEST = 20


class SdJwtInvalid(Invalid):
    """Refuse an SD-JWT that is put together wrongly or discloses what was not signed."""

    code = "licence.sd-jwt"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Hold one disclosure as it travels; never printed."""

    encoded: str

    def __repr__(self) -> str:
        """Return the digest, which says nothing."""
        return f"Disclosure({self.digest})"

    @property
    def digest(self) -> str:
        """Return what stands in the signed part instead of the claim."""
        return _base64url(sha256(self.encoded.encode()).digest())

    @property
    def parts(self) -> tuple[str | None, object]:
        """Return name and value; an element of an array has no name.

        Raises:
            SdJwtInvalid: it is no disclosure.
        """
        try:
            read = json.loads(_bytes(self.encoded))
        except (ValueError, RecursionError):
            raise SdJwtInvalid from None
        match read:
            case [str(), str(name), value] if name not in {_DIGESTS, _ELEMENT}:
                return name, value
            case [str(), value]:
                return None, value
        raise SdJwtInvalid


def conceal(claims: Mapping[str, object]) -> tuple[dict[str, object], dict[str, Disclosure]]:
    """Return what is signed in place of an object of claims, and the disclosure of each by its name."""
    disclosures = {name: _disclosure(name, value) for name, value in claims.items()}
    return {_DIGESTS: sorted(one.digest for one in disclosures.values())}, disclosures


def join(signed: str, disclosures: Iterable[Disclosure]) -> str:
    """Return the SD-JWT as it is handed over, without a key binding."""
    return "~".join([signed, *(one.encoded for one in disclosures), ""])


def split(text: str) -> tuple[str, tuple[Disclosure, ...]]:
    """Return the signed part and the disclosures.

    Raises:
        SdJwtInvalid: it does not end with a tilde, as one without a key binding does.
    """
    signed, *disclosures = text.split("~")
    if not disclosures or disclosures.pop() != "":
        raise SdJwtInvalid
    return signed, tuple(Disclosure(encoded) for encoded in disclosures)


def reveal(signed: Mapping[str, object], disclosures: Iterable[Disclosure]) -> dict[str, object]:
    """Return the claims with what was disclosed in its place.

    Raises:
        SdJwtInvalid: another digest algorithm, a disclosure that nothing signed names, or a name that comes twice.
    """
    if signed.get(_ALGORITHM, ALGORITHM) != ALGORITHM:
        raise SdJwtInvalid
    revealing = _Revealing({one.digest: one for one in disclosures})
    claims = revealing.properties({name: value for name, value in signed.items() if name != _ALGORITHM}, depth=0)
    if any(count > 1 for count in revealing.met.values()) or set(revealing.known) - set(revealing.met):
        raise SdJwtInvalid
    return claims


class _Revealing:
    """Walk the signed claims and remember which digests were met."""

    def __init__(self, known: Mapping[str, Disclosure]) -> None:
        self.known = known
        self.met: Counter[str] = Counter()

    def properties(self, claims: Mapping[str, object], *, depth: int) -> dict[str, object]:
        """Return what is disclosed of some claims, at every depth."""
        found = {name: self._value(value, depth=depth) for name, value in claims.items() if name != _DIGESTS}
        for digest in _digests(claims):
            disclosed = self._meet(digest)
            if disclosed is not None:
                name, value = disclosed.parts
                if name is None or name in found:
                    raise SdJwtInvalid
                found[name] = self._value(value, depth=depth)
        return found

    def _array(self, elements: list[object], *, depth: int) -> list[object]:
        found = []
        for element in elements:
            if not (isinstance(element, dict) and set(element) == {_ELEMENT}):
                found.append(self._value(element, depth=depth))
                continue
            disclosed = self._meet(element[_ELEMENT])
            if disclosed is not None:
                name, value = disclosed.parts
                if name is not None:
                    raise SdJwtInvalid
                found.append(self._value(value, depth=depth))
        return found

    def _value(self, value: object, *, depth: int) -> object:
        if depth > _DEEPEST:
            raise SdJwtInvalid
        match value:
            case dict():
                return self.properties(value, depth=depth + 1)
            case list():
                return self._array(value, depth=depth + 1)
        return value

    def _meet(self, digest: object) -> Disclosure | None:
        if not isinstance(digest, str):
            raise SdJwtInvalid
        self.met[digest] += 1
        return self.known.get(digest)


def _digests(claims: Mapping[str, object]) -> list[object]:
    digests = claims.get(_DIGESTS, [])
    if not isinstance(digests, list) or _ELEMENT in claims:
        raise SdJwtInvalid
    return digests


def _disclosure(name: str, value: object) -> Disclosure:
    salt = _base64url(secrets.token_bytes(_SALT_BYTES))
    return Disclosure(_base64url(json.dumps([salt, name, value], ensure_ascii=False).encode()))


def _base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Return the bytes of a base64url text in its one canonical spelling."""
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise SdJwtInvalid from None
    if _base64url(content) != text:
        raise SdJwtInvalid
    return content
