"""Keep the e-mail address of an account: it counts once a code that went there came back."""

import re
import unicodedata

from gov_portal.kernel.principal import Citizen
from identity.domain.errors import ChallengeGone, EmailInvalid
from identity.domain.values import Begun, ChallengeToken
from identity.services.challenges import Opening, Purpose
from identity.services.parts import Parts
from identity.services.throttles import Attempt

LONGEST = 254
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""Addresses as an HTML form takes them, with a dot in the domain. Source: HTML Standard, valid e-mail address."""


class Contact:
    """Add, change and remove the e-mail address of a person."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts that it is made of."""
        self._parts = parts

    def start(self, by: Citizen, *, email: str) -> Begun:
        """Send a code to the address; nothing on the account changes yet."""
        address, limits = read_address(email), self._parts.base.limits
        self._parts.throttles.claim(
            Attempt(limits.email_person, str(by.person)), Attempt(limits.email_address, address)
        )
        opening = Opening(
            purpose=Purpose.EMAIL,
            key=self._parts.people.key_of(by.person),
            phone="",
            email=address,
            person=by.person,
        )
        with self._parts.base.db.begin() as uow:
            return self._parts.challenges.open(uow, opening)

    def confirm(self, by: Citizen, token: ChallengeToken, *, code: str) -> str:
        """Write the address once its code is right; only whoever began it may."""
        challenge = self._parts.challenges.check(token, code, purpose=Purpose.EMAIL)
        if challenge.person != by.person:
            raise ChallengeGone
        with self._parts.base.db.begin() as uow:
            self._parts.challenges.consume(uow, challenge)
            self._parts.people.set_email(uow, by.person, email=challenge.opening.email)
        return challenge.opening.email

    def remove(self, by: Citizen) -> None:
        """Take the address from the account."""
        with self._parts.base.db.begin() as uow:
            self._parts.people.set_email(uow, by.person, email="")


def read_address(typed: str) -> str:
    """Return an e-mail address without spaces around it, its domain in lower case.

    Raises:
        EmailInvalid: it is no address.
    """
    text = unicodedata.normalize("NFKC", typed[: 2 * LONGEST]).strip()
    if len(text) > LONGEST or not _ADDRESS.fullmatch(text):
        raise EmailInvalid(field="email")
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"
