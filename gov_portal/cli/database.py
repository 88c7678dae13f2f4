"""Migrate and maintain the database as its owner."""

from datetime import UTC, datetime

import click
from sqlalchemy import make_url

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel import schema
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


def app_role(settings: Settings) -> str:
    """Return the name of the application's role, from its address."""
    return make_url(settings.database_url).username or "gov_app"


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
