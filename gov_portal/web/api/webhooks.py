"""Let a unit keep its webhooks (事件通知): addresses, secrets, what was told and what could not be."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import url_for
from marshmallow import Schema, fields, validate

from gov_portal.messaging.events import EVENTS
from gov_portal.messaging.posting import LONGEST_URL
from gov_portal.messaging.webhook_views import Subscribed, WebhookDeliveryView, WebhookView
from gov_portal.messaging.webhooks import LONGEST_LABEL
from gov_portal.web.api.bodies import text, word
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page, window
from gov_portal.web.api.shapes import answer, listed, made
from gov_portal.web.api.views import one
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

resource = Resource("webhooks", title=phrase("事件通知"))

LONGEST_OVERLAP_H = 24 * 7
STATUSES = ("waiting", "delivered", "dead")

WEBHOOK = answer(
    "Webhook",
    WebhookView,
    "id org region url events label created_at disabled_at disabled_because failing_since previous_until",
)
WEBHOOKS = listed("Webhooks", WEBHOOK)
SUBSCRIBED = made("WebhookWithSecret", webhook=one(WEBHOOK), secret=fields.String())
DELIVERY = answer(
    "WebhookDelivery",
    WebhookDeliveryView,
    "id webhook event data happened_at status attempts answer reason created_at ended_at",
    data=fields.Dict(keys=fields.String(), values=fields.String()),
)
DELIVERIES = listed("WebhookDeliveries", DELIVERY)
REPLAYED = made("Replayed", replayed=fields.Integer())


class NewWebhook(Schema):
    """Ask to be told of events at an address."""

    url = text(LONGEST_URL)
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)), required=True, validate=validate.Length(1, len(EVENTS))
    )
    label = word(LONGEST_LABEL)


class NewSecret(Schema):
    """Ask for another secret; for so many hours deliveries carry a signature of either."""

    overlap_hours = fields.Integer(load_default=24, validate=validate.Range(0, LONGEST_OVERLAP_H), strict=True)


class Replay(Schema):
    """Tell one delivery again, or all since a moment of real time; with neither, whatever is dead."""

    delivery = fields.UUID(load_default=None, allow_none=True)
    since = fields.AwareDateTime(load_default=None, allow_none=True)


class DeliveryQuery(PageQuery):
    """Narrow the deliveries."""

    status = fields.String(load_default="", validate=validate.OneOf(("", *STATUSES)))


@resource.endpoint(
    "GET",
    "/webhooks",
    title=phrase("列出事件通知地址"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(query=PageQuery, answer=WEBHOOKS, is_paged=True),
)
def list_webhooks(query: Json) -> Answer[WebhookView]:
    """List the webhooks of the unit, the latest first; for its system, or its leader."""
    return page(services().webhooks.list(current_officer()), query, key=lambda row: str(row.id))


@resource.endpoint(
    "POST",
    "/webhooks",
    title=phrase("登记事件通知地址"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(body=NewWebhook, answer=SUBSCRIBED, status=201, is_once=True),
)
def create_webhook(body: Json) -> tuple[Subscribed, int, dict[str, str]]:
    """Tell an address of the unit's events from now on; the secret that signs them is shown this once."""
    added = services().webhooks.subscribe(body["url"], body["events"], label=body["label"], by=current_officer())
    return added, 201, {"Location": url_for("api_webhooks.show_webhook", webhook=added.webhook.id)}


@resource.endpoint(
    "GET",
    "/webhooks/<uuid:webhook>",
    title=phrase("查看事件通知地址"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(answer=WEBHOOK),
)
def show_webhook(webhook: UUID) -> WebhookView:
    """Show a webhook: whether it is told, and since when it has failed."""
    return services().webhooks.webhook(webhook, by=current_officer())


@resource.endpoint(
    "DELETE",
    "/webhooks/<uuid:webhook>",
    title=phrase("删除事件通知地址"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(status=204),
)
def delete_webhook(webhook: UUID) -> str:
    """End a webhook, and forget what was told by it."""
    services().webhooks.delete(webhook, by=current_officer())
    return ""


@resource.endpoint(
    "POST",
    "/webhooks/<uuid:webhook>/secret",
    title=phrase("更换签名密钥"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(body=NewSecret, answer=SUBSCRIBED, status=201, is_once=True),
)
def rotate_webhook_secret(body: Json, webhook: UUID) -> Subscribed:
    """Give a webhook another secret; for the overlap deliveries carry a signature of either."""
    overlap = timedelta(hours=body["overlap_hours"])
    return services().webhooks.rotate(webhook, by=current_officer(), overlap=overlap)


@resource.endpoint(
    "POST",
    "/webhooks/<uuid:webhook>/pause",
    title=phrase("停用事件通知地址"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(answer=WEBHOOK, is_once=True),
)
def pause_webhook(webhook: UUID) -> WebhookView:
    """Tell a webhook nothing for now; what it misses is kept as dead, for a replay."""
    return services().webhooks.pause(webhook, by=current_officer())


@resource.endpoint(
    "POST",
    "/webhooks/<uuid:webhook>/resumption",
    title=phrase("恢复事件通知地址"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(answer=WEBHOOK, is_once=True),
)
def resume_webhook(webhook: UUID) -> WebhookView:
    """Tell a webhook again that was paused, or disabled because it failed; replay what it missed."""
    return services().webhooks.enable(webhook, by=current_officer())


@resource.endpoint(
    "POST",
    "/webhooks/<uuid:webhook>/test-events",
    title=phrase("发送测试事件"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(answer=DELIVERY, status=202, is_once=True),
)
def send_webhook_test(webhook: UUID) -> WebhookDeliveryView:
    """Tell a webhook of ``webhook.test``, to see whether its receiver listens and verifies."""
    return services().webhooks.send_test(webhook, by=current_officer())


@resource.endpoint(
    "GET",
    "/webhooks/<uuid:webhook>/deliveries",
    title=phrase("列出投递"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(query=DeliveryQuery, answer=DELIVERIES, is_paged=True),
)
def list_webhook_deliveries(query: Json, webhook: UUID) -> Answer[WebhookDeliveryView]:
    """List what was told, the latest first; ``status=dead`` is what could not be told after three days."""
    officer, status = current_officer(), query["status"]

    def behind(number: str, limit: int) -> Sequence[WebhookDeliveryView]:
        before = int(number) if number else None
        return services().webhooks.deliveries(webhook, by=officer, status=status, before=before, limit=limit)

    return window(behind, query, key=lambda row: str(row.number))


@resource.endpoint(
    "POST",
    "/webhooks/<uuid:webhook>/replays",
    title=phrase("重新投递"),
    may=Permission.KEEP_WEBHOOKS,
    shape=Shape(body=Replay, answer=REPLAYED, status=202, is_once=True),
)
def replay_webhook(body: Json, webhook: UUID) -> dict[str, int]:
    """Tell again, under the same ids: one delivery, all since a moment, or with neither whatever is dead."""
    told = services().webhooks.replay(webhook, by=current_officer(), delivery=body["delivery"], since=body["since"])
    return {"replayed": told}
