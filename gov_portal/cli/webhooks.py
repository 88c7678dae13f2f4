"""Look after the webhooks of every unit: what could not be told, and telling it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.principal import Platform
from gov_portal.messaging.posting import Poster
from gov_portal.messaging.webhook_views import WebhookDeliveryView, WebhookView
from gov_portal.messaging.webhooks import Webhooks

OPERATOR = Platform("operator")
WEBHOOK = click.argument("webhook_id", type=click.UUID)


@contextmanager
def _webhooks() -> Iterator[Webhooks]:
    settings = settings_or_fail()
    db = Database(settings.database_url)
    try:
        keys = KeyStore(db, FileKms(settings.secrets_dir))
        yield Webhooks(db, keys=keys, poster=Poster(is_sandbox=settings.is_sandbox))
    finally:
        db.dispose()


def _line(one: WebhookView) -> str:
    state = one.disabled_because or ("failing" if one.failing_since else "told")
    return f"{one.id}  {one.org}@{one.region}  {state}  {','.join(one.events)}  {one.url}  {one.label}".rstrip()


def _delivery_line(one: WebhookDeliveryView) -> str:
    answered = one.answer or one.reason or "-"
    told = f"{one.status}  {one.attempts} attempts  {answered}"
    return f"{one.id}  {one.webhook}  {one.created_at:%Y-%m-%d %H:%M}  {one.event}  {told}"


@click.group()
def webhook() -> None:
    """Look after webhooks; units subscribe through the API, for only they hold the secret."""


@webhook.command("list")
def list_webhooks() -> None:
    """List every unit's webhooks and how each is."""
    with _webhooks() as webhooks:
        for one in webhooks.list(OPERATOR):
            click.echo(_line(one))


@webhook.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def dead(limit: int) -> None:
    """List what could not be told to anybody, the latest first."""
    with _webhooks() as webhooks:
        for one in webhooks.dead(limit=limit):
            click.echo(_delivery_line(one))


@webhook.command()
@WEBHOOK
@click.option("--delivery", type=click.UUID, help="Only this one; without it everything that is dead.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%dT%H:%M%z"]), help="All since then, such as 2026-03-02T09:00+0800."
)
def replay(webhook_id: UUID, delivery: UUID | None, since: datetime | None) -> None:
    """Tell a webhook again, under the same ids."""
    with _webhooks() as webhooks:
        told = tried(lambda: webhooks.replay(webhook_id, by=OPERATOR, delivery=delivery, since=since))
    click.echo(f"asked for {told} deliveries")


@webhook.command()
@WEBHOOK
def pause(webhook_id: UUID) -> None:
    """Tell a webhook nothing for now; what it misses waits for a replay."""
    with _webhooks() as webhooks:
        tried(lambda: webhooks.pause(webhook_id, by=OPERATOR))
    click.echo(f"paused {webhook_id}")


@webhook.command()
@WEBHOOK
def resume(webhook_id: UUID) -> None:
    """Tell a webhook again that was paused, or disabled because it failed."""
    with _webhooks() as webhooks:
        tried(lambda: webhooks.enable(webhook_id, by=OPERATOR))
    click.echo(f"resumed {webhook_id}")


@webhook.command()
@WEBHOOK
def test(webhook_id: UUID) -> None:
    """Tell a webhook of webhook.test, to see whether its receiver listens."""
    with _webhooks() as webhooks:
        asked = tried(lambda: webhooks.send_test(webhook_id, by=OPERATOR))
    click.echo(f"asked for delivery {asked.id}")
