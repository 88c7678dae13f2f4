"""Keep the keys of departments' systems."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.cli.webhooks import webhook
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.db import Database
from identity.domain.values import SystemKey, Unit
from identity.services.foundation import Foundation
from identity.services.systems import IssuedKey, NewSystem, Systems


@contextmanager
def _systems() -> Iterator[Systems]:
    settings = settings_or_fail()
    db = Database(settings.database_url)
    try:
        keys = KeyStore(db, FileKms(settings.secrets_dir))
        yield Systems(Foundation(db, keys, SystemClock()))
    finally:
        db.dispose()


def _show(issued: IssuedKey) -> None:
    click.echo(f"id      {issued.key.id}")
    click.echo(f"unit    {issued.key.org}@{issued.key.region}")
    click.echo(f"until   {issued.key.expires_at:%Y-%m-%d}")
    click.echo(f"key     {issued.secret}")
    click.echo("Keep the key now: it is not shown again.", err=True)


def _line(one: SystemKey) -> str:
    used = f"{one.seen_at:%Y-%m-%d %H:%M}" if one.seen_at else "never"
    state = "revoked" if one.revoked_at else f"until {one.expires_at:%Y-%m-%d}"
    return f"{one.id}  {one.org}@{one.region}  {','.join(sorted(one.roles))}  {state}  used {used}  {one.label}"


@click.group()
def api() -> None:
    """Keep what other systems need."""


api.add_command(webhook)


@api.group()
def key() -> None:
    """Keep the keys of departments' systems."""


@key.command()
@click.argument("label")
@click.option("--unit", required=True, help="Department and division code, such as dept.health@470101.")
@click.option("--role", "roles", multiple=True, required=True, help="Role whose steps it does; may be repeated.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long the key holds.")
def create(label: str, unit: str, roles: tuple[str, ...], days: int) -> None:
    """Let a system in at a unit and print its first key, once."""
    org, _, region = unit.partition("@")
    new = NewSystem(label, Unit(org, region, ""), roles, timedelta(days=days))
    with _systems() as systems:
        _show(tried(lambda: systems.create(new)))


@key.command("list")
def list_keys() -> None:
    """List the keys, the latest first."""
    with _systems() as systems:
        for one in systems.list_keys():
            click.echo(_line(one))


@key.command()
@click.argument("key_id", type=click.UUID)
@click.option("--overlap-hours", type=click.IntRange(0, 24 * 90), default=24, show_default=True)
def rotate(key_id: UUID, overlap_hours: int) -> None:
    """Print another key for the same system; the old one holds for the overlap."""
    with _systems() as systems:
        _show(tried(lambda: systems.rotate(key_id, overlap=timedelta(hours=overlap_hours))))


@key.command()
@click.argument("key_id", type=click.UUID)
def revoke(key_id: UUID) -> None:
    """End a key at once."""
    with _systems() as systems:
        tried(lambda: systems.revoke(key_id))
    click.echo(f"revoked {key_id}")
