"""Check the platform's signed statement as a department would: signature, receiver, age, replay, resource and body."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from gov_portal.sandbox.departments import RequestRefused
from gov_portal.sandbox.store import Store

ISSUER = "urn:gov:platform"
LONGEST_LIFE_S = 60
CLOCK_SKEW_S = 5


@dataclass(frozen=True, slots=True)
class Guard:
    """Let in who can prove to be the platform; ``trust`` is the file of its public key, read at every request."""

    department: str
    trust: Path
    store: Store

    def admit(self, header: str | None, *, operation: str, resource: str, body: bytes) -> Mapping[str, Any]:
        """Return the claims of the statement.

        Raises:
            RequestRefused: 401, with what is wrong.
        """
        claims = self._verified(header)
        now = int(time.time())
        issued_at, expires_at = claims.get("iat"), claims.get("exp")
        if not isinstance(issued_at, int) or not isinstance(expires_at, int):
            raise RequestRefused(401, "the statement has no times")
        required = {
            "iss": ISSUER,
            "aud": f"urn:gov:system:{self.department}",
            "operation": operation,
            "resource": resource,
            "body_sha256": sha256(body).hexdigest(),
        }
        for name, value in required.items():
            if claims.get(name) != value:
                raise RequestRefused(401, f"the statement's {name} is another one")
        is_current = issued_at <= now + CLOCK_SKEW_S and now < expires_at <= issued_at + LONGEST_LIFE_S
        if not is_current:
            raise RequestRefused(401, "the statement has expired or is not valid yet")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not self.store.remember_statement(jti, expires_at=expires_at, now=now):
            raise RequestRefused(401, "the statement was used before")
        return claims

    def _verified(self, header: str | None) -> Mapping[str, Any]:
        scheme, _, token = (header or "").partition(" ")
        if scheme != "Bearer" or not token:
            raise RequestRefused(401, "there is no statement")
        try:
            key = OKPKey.import_key(json.loads(self.trust.read_text("utf-8")))
        except (OSError, ValueError, JoseError):
            raise RequestRefused(503, "the platform's key is not known yet") from None
        try:
            return jwt.decode(token, key, algorithms=["Ed25519"]).claims
        except (JoseError, ValueError):
            raise RequestRefused(401, "the statement is not signed by the platform") from None
