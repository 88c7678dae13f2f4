"""Reach department systems over HTTP with JSON; personal data travel in bodies only, never in a URL."""

import time
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import structlog

from gov_portal.exchange.adapters.assertion import ClientKey
from gov_portal.exchange.domain import AnswerKind, Failure
from gov_portal.exchange.ports import ProviderFailed, ProviderReply, ProviderRequest
from gov_portal.kernel import outside, request_ids, tracing

TIMEOUT_S = 3.0
MAX_REPLY_BYTES = 16 * 1024 * 1024

_log = structlog.get_logger(__name__)


class RestConnector:
    """Send requests as ``POST <base>/v1/<operation>/<resource>``; safe for threads.

    The addresses come from the settings alone; redirects and proxies of the environment are not followed.
    """

    def __init__(self, addresses: Mapping[str, str], *, key: ClientKey, timeout_s: float = TIMEOUT_S) -> None:
        """Take the base address of every system; ``timeout_s`` is for a whole call."""
        self._addresses = {system: address.rstrip("/") for system, address in addresses.items()}
        self._key = key
        self._timeout_s = timeout_s
        self._client = outside.client(self._addresses.values(), timeout_s=timeout_s)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()

    def call(self, request: ProviderRequest) -> ProviderReply:
        """Send one request and return the reply.

        Raises:
            ProviderFailed: no reply in time, or none that can be read.
        """
        address = self._addresses.get(request.system)
        if address is None:
            raise ProviderFailed(Failure.PROVIDER, "no address is set")
        body = orjson.dumps(request.body)
        headers = {
            "Authorization": f"Bearer {self._key.sign(request, body=body)}",
            "Content-Type": "application/json",
            "Idempotency-Key": request.idempotency_key,
            request_ids.HEADER: tracing.current(),
        }
        url = f"{address}/v1/{request.operation.value}/{request.resource}"
        started, status = time.monotonic(), 0
        try:
            status, content = self._post(url, headers=headers, body=body)
        except httpx.TimeoutException:
            raise ProviderFailed(Failure.TIMEOUT, f"no reply within {self._timeout_s} s") from None
        except httpx.HTTPError as fault:
            raise ProviderFailed(Failure.PROVIDER, type(fault).__name__) from None
        finally:
            told = {"system": request.system, "resource": request.resource, "operation": request.operation.value}
            _log.info("department-call", **told, status=status, ms=round((time.monotonic() - started) * 1000, 1))
        return _reply(status, content)

    def _post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Return status and content, reading no longer than the time and no more than the size allowed."""
        deadline = time.monotonic() + self._timeout_s
        content = bytearray()
        with self._client.stream("POST", url, headers=dict(headers), content=body) as response:
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_REPLY_BYTES:
                    raise ProviderFailed(Failure.SCHEMA, "the reply is too large")
                if time.monotonic() > deadline:
                    raise ProviderFailed(Failure.TIMEOUT, f"the reply took longer than {self._timeout_s} s")
            return response.status_code, bytes(content)


def _reply(status: int, content: bytes) -> ProviderReply:
    """Return the reply of a status and its JSON.

    Raises:
        ProviderFailed: the status tells of a failure, or the content cannot be read.
    """
    if status >= 500 or status == 429:
        raise ProviderFailed(Failure.PROVIDER, f"status {status}")
    if status != 200:
        raise ProviderFailed(Failure.PROVIDER_REFUSED, f"status {status}")
    try:
        read: Any = orjson.loads(content)
        kind, rows = AnswerKind(read["result"]), read.get("rows", [])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError):
        raise ProviderFailed(Failure.SCHEMA, "the reply is not what was agreed") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProviderFailed(Failure.SCHEMA, "the rows are not what was agreed")
    return ProviderReply(kind, tuple(rows))
