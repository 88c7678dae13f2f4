"""Migrate and maintain the database as its owner."""

from datetime import UTC, datetime

import click
from psycopg.conninfo import conninfo_to_dict

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel import schema, standby
from gov_portal.kernel.clock_store import SANDBOX_START
from gov_portal.settings import Settings


@click.group()
def db() -> None:
    """Migrate and maintain the database."""


@db.command()
@click.option("--revision", default="head", show_default=True, help="Stop at this revision.")
def migrate(revision: str) -> None:
    """Bring the schema up to date, grant the application its rights, create the partitions of the coming months."""
    settings = settings_or_fail()
    schema.migrate(settings.database_owner_url, app_role(settings), revision=revision)
    click.echo("the schema is up to date")
    if revision == "head":
        _maintain(settings, months=3)


@db.command()
@click.option("--months", type=click.IntRange(1, 60), default=3, show_default=True, help="How many months ahead.")
def maintain(months: int) -> None:
    """Create the ledger's partitions of the coming months; run it monthly."""
    _maintain(settings_or_fail(), months=months)


@db.command()
@click.argument("standby_url")
def promote(standby_url: str) -> None:
    """Make a standby the primary; STANDBY_URL is its own address as a superuser."""
    try:
        promotion = standby.promote(standby_url, application_url=settings_or_fail().database_url)
    except standby.PromotionRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"it takes writes from {promotion.position} on, as line {promotion.timeline} of the history")
    click.echo("no commit waits for a standby until you make a new one and set synchronous_standby_names")


def app_role(settings: Settings) -> str:
    """Return the name of the application's role, from its address."""
    return str(conninfo_to_dict(settings.database_url).get("user") or "gov_app")


def _maintain(settings: Settings, *, months: int) -> None:
    """Look ahead from today, and in a sandbox from the day on which its own time begins."""
    starts = [datetime.now(UTC).date(), *([SANDBOX_START.date()] if settings.is_clock_simulated else [])]
    made = [
        table
        for start in starts
        for table in schema.maintain(settings.database_owner_url, from_month=start, months=months)
    ]
    schema.grant(settings.database_owner_url, app_role(settings))
    click.echo(f"new partitions: {', '.join(made) or 'none'}")
