"""Hand text messages to a gateway over HTTP, or in the sandbox to nobody."""

from typing import Protocol

import httpx

from gov_portal.kernel import outside
from gov_portal.messaging.ports import CarrierRefused, CarrierUnavailable, Parcel

_TIMEOUT_S = 10.0
_FINAL = frozenset({400, 404, 410, 413, 422})
"""Answers that say that this number or text will never do; 401 and 403 are ours to mend."""


class SmsGateway(Protocol):
    """Be a carrier to phones (短信网关); every operator's own interface is one adapter of this."""

    def carry(self, parcel: Parcel) -> None:
        """Hand a text message over.

        Raises:
            CarrierRefused: it will never be taken.
            CarrierUnavailable: not now.
        """
        ...


class SandboxSms:
    """Carry nothing anywhere: the desk of the sandbox shows what was told."""

    def carry(self, parcel: Parcel) -> None:
        """Take everything."""


class HttpSms:
    """Post ``{"id", "to", "text", "language"}`` to a gateway, with a bearer token and the id as idempotency key."""

    def __init__(self, url: str, *, token: str = "", timeout_s: float = _TIMEOUT_S) -> None:
        """Post to ``url``; redirects and proxies of the environment are not followed."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = outside.client([url], timeout_s=timeout_s)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()

    def carry(self, parcel: Parcel) -> None:
        """Hand a text message over; any 2xx answer means that it was taken.

        Raises:
            CarrierRefused: the gateway will never take it.
            CarrierUnavailable: it does not answer, or not now.
        """
        body = {"id": str(parcel.id), "to": parcel.to, "text": parcel.text, "language": parcel.language}
        headers = {**self._headers, "Idempotency-Key": str(parcel.id)}
        try:
            status = self._client.post(self._url, json=body, headers=headers).status_code
        except httpx.HTTPError as outage:
            raise CarrierUnavailable(f"sms-{type(outage).__name__}") from None
        if status in _FINAL:
            raise CarrierRefused(f"sms-{status}")
        if not 200 <= status < 300:
            raise CarrierUnavailable(f"sms-{status}")
