"""Have seals stamped with the time (RFC 3161), and read from a seal when it was stamped.

A stamp says that the seal was there at a moment of real time, whatever the sandbox's business clock says. Where no
service answers nothing is sealed: without a stamp a paper cannot be told from one that an old key sealed later.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from asn1crypto import cms, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.certificates import signer_of
from gov_portal.documents.errors import TimeStampUnavailable
from gov_portal.kernel import outside
from gov_portal.kernel.logs import describe

TIMEOUT_S = 3.0
MOST_BYTES = 64 * 1024
POLICY = "2.25.208816994218621381881449240861470491169"
"""Names under which rules our own service stamps (ITU-T X.667): those of a sandbox, none."""

Digest = Callable[[str], bytes]
"""Return what was stamped, as an algorithm of that name digests it."""

_log = structlog.get_logger(__name__)


class StampReader:
    """Read time stamps of the services that we trust."""

    def __init__(self, roots: Callable[[], Sequence[asn1_x509.Certificate]]) -> None:
        """Trust what leads to ``roots``, which are read when the first stamp is."""
        self._roots = roots

    def read(self, token: bytes, *, of: bytes) -> tuple[bool, datetime | None]:
        """Tell whether a token stamps ``of`` as its service made it, and when that was if we trust the service."""
        status = asyncio.run(self.status(token, digest=lambda algorithm: hashlib.new(algorithm, of).digest()))
        is_whole = bool(status.intact and status.valid)
        return is_whole, status.timestamp.astimezone(UTC) if is_whole and status.trusted else None

    async def status(self, token: bytes, *, digest: Digest) -> TimestampSignatureStatus:
        """Return what pyHanko finds, by the time of the stamp itself: certificates end before papers do."""
        signed = cms.ContentInfo.load(token)["content"]
        moment = signed["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(trust_roots=list(self._roots()), allow_fetching=False, moment=moment)
        return TimestampSignatureStatus(**await validate_tst_signed_data(signed, context, digest))


class Stamper(TimeStamper):
    """Ask a service for stamps, and take none that our own reader would not trust."""

    def __init__(self, reader: StampReader) -> None:
        """Check every stamp by ``reader`` before it goes into a seal."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._reader = reader

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a stamp of a digest.

        Raises:
            TimeStampUnavailable: there is none to be had, or it says something else.
        """
        try:
            der = (await super().async_timestamp(message_digest, md_algorithm)).dump()
            status = await self._reader.status(der, digest=lambda _: message_digest)
        except Exception as fault:
            _log.warning("no-time-stamp", error=describe(fault))
            raise TimeStampUnavailable from fault
        if not (status.intact and status.valid and status.trusted):
            _log.warning("no-time-stamp", error="not-trusted")
            raise TimeStampUnavailable
        return cms.ContentInfo.load(der)


class OwnStamper(Stamper):
    """Stamp in this process under the root of the seals: for a sandbox, whose seals are samples as well."""

    def __init__(self, authority: SealAuthority, *, reader: StampReader) -> None:
        """Stamp with the certificate that ``authority`` keeps for it."""
        super().__init__(reader)
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer a request as a service would."""
        stamped = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": req["message_imprint"],
                "serial_number": secrets.randbits(64),
                "gen_time": datetime.now(UTC).replace(microsecond=0),
                "accuracy": {"seconds": 1},
                "nonce": req["nonce"],
            }
        )
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(stamped.dump())}
        )
        signer = signer_of(self._authority.stamper, (self._authority.issuer,))
        token = await signer.async_sign_general_data(content, "sha256", detached=False, use_cades=True)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})


class HttpStamper(Stamper):
    """Ask a service over HTTP (RFC 3161, 3.4)."""

    def __init__(self, url: str, *, reader: StampReader, timeout_s: float = TIMEOUT_S) -> None:
        """Ask at ``url``; redirects and proxies of the environment are not followed."""
        super().__init__(reader)
        self._url = url
        self._client = outside.client([url], timeout_s=timeout_s)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send a request and return the answer, reading no more than an answer may be long."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        content = bytearray()
        request = self._client.stream("POST", self._url, headers=headers, content=req.dump())
        with outside.awaited(), request as response:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise ValueError("the answer is too long for a time stamp")
        return tsp.TimeStampResp.load(bytes(content), strict=True)
