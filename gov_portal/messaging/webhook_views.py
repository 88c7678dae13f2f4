"""Show webhooks and what became of their deliveries, and name what can be refused about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row

from gov_portal.kernel.errors import Conflict, Invalid, NotFound


class WebhookUnknown(NotFound):
    """Answer that there is no such webhook, or that it is another unit's."""

    code = "webhook.unknown"


class WebhookDeliveryUnknown(NotFound):
    """Answer that a webhook has no such delivery."""

    code = "webhook.delivery-unknown"


class WebhookUrlRefused(Invalid):
    """Refuse an address that nothing is posted to."""

    code = "webhook.url"


class WebhookEventUnknown(Invalid):
    """Refuse an event that does not exist, or none at all."""

    code = "webhook.event"


class WebhookPaused(Conflict):
    """Refuse to tell a webhook anything while it is paused or disabled."""

    code = "webhook.paused"


class TooManyWebhooks(Conflict):
    """Refuse one more webhook of a unit."""

    code = "webhook.too-many"


@dataclass(frozen=True, slots=True)
class WebhookView:
    """Show one webhook; its secret is shown once, when it is made.

    Attributes:
        disabled_because: ``paused`` by its unit, ``gone`` (answered 410) or ``failing`` (for days); empty while it is
            told.
        failing_since: when the row of failures began, in real time.
        previous_until: until when the secret before is used as well.
    """

    id: UUID
    org: str
    region: str
    url: str
    events: tuple[str, ...]
    label: str
    created_at: datetime
    disabled_at: datetime | None = None
    disabled_because: str = ""
    failing_since: datetime | None = None
    previous_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Hold a webhook with its secret, for the one time that it is shown."""

    webhook: WebhookView
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookDeliveryView:
    """Show what became of one event.

    Attributes:
        number: its place; older ones are asked for by it.
        status: ``waiting``, ``delivered`` or ``dead``.
        answer: status that the receiver answered last; ``None`` without an answer.
        reason: code of what went wrong last.
    """

    id: UUID
    number: int
    webhook: UUID
    event: str
    data: Mapping[str, str]
    happened_at: datetime
    status: str
    attempts: int
    answer: int | None
    reason: str
    created_at: datetime
    ended_at: datetime | None


def webhook_view(row: Row[tuple[object, ...]]) -> WebhookView:
    """Show a row of the webhooks."""
    return WebhookView(
        id=row.id,
        org=row.org,
        region=row.region,
        url=row.url,
        events=tuple(row.events),
        label=row.label,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because or "",
        failing_since=row.failing_since,
        previous_until=row.previous_until,
    )


def delivery_view(row: Row[tuple[object, ...]]) -> WebhookDeliveryView:
    """Show a row of the deliveries."""
    return WebhookDeliveryView(
        id=row.id,
        number=row.number,
        webhook=row.webhook_id,
        event=row.event,
        data=row.data,
        happened_at=row.happened_at,
        status=row.status,
        attempts=row.attempts,
        answer=row.answer,
        reason=row.reason or "",
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
