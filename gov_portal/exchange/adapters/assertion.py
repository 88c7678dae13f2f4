"""Sign who we are: one short-lived statement per call, bound to receiver, resource and body (RFC 7523, RFC 9864)."""

import json
import time
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OKPKey

from gov_portal.exchange.ports import ProviderRequest
from gov_portal.kernel.key_files import write_secret_once

ISSUER = "urn:gov:platform"
LIFETIME_S = 60
PRIVATE_NAME = "exchange_client.jwk"
PUBLIC_NAME = "exchange_client.public.jwk"
_ALGORITHM = "Ed25519"


class ClientKey:
    """Hold the platform's signing key towards departments."""

    def __init__(self, key: OKPKey) -> None:
        """Keep a private Ed25519 key."""
        self._key = key
        self._kid = key.thumbprint()

    @classmethod
    def at(cls, secrets_dir: Path) -> "ClientKey":
        """Return the key of a folder of secrets; make one, and the public half for departments, where there is none."""
        path = secrets_dir / PRIVATE_NAME
        if not path.exists():
            secrets_dir.mkdir(parents=True, exist_ok=True)
            write_secret_once(path, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)).encode())
        key = OKPKey.import_key(json.loads(path.read_text()))
        public = secrets_dir / PUBLIC_NAME
        if not public.exists():
            draft = public.with_name(f"{PUBLIC_NAME}.{uuid4().hex}")
            draft.write_text(json.dumps(key.as_dict(private=False)))
            draft.replace(public)
        return cls(key)

    def sign(self, request: ProviderRequest, *, body: bytes) -> str:
        """Return the statement for one call; it names no person."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": ISSUER,
            "aud": audience(request.system),
            "iat": now,
            "exp": now + LIFETIME_S,
            "jti": uuid4().hex,
            "resource": request.resource,
            "operation": request.operation.value,
            "purpose": request.purpose,
            "case_number": request.case_number,
            "body_sha256": sha256(body).hexdigest(),
        }
        return jwt.encode({"alg": _ALGORITHM, "kid": self._kid}, claims, self._key, algorithms=[_ALGORITHM])


def audience(system: str) -> str:
    """Return how a statement names the department's system that it is meant for."""
    return f"urn:gov:system:{system}"
