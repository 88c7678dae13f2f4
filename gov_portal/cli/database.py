"""Migrate and maintain the database as its owner."""

from datetime import UTC, date, datetime

import click
from psycopg.conninfo import conninfo_to_dict

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel import partitions, schema, standby
from gov_portal.kernel.clock_store import SANDBOX_START
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import archiving
from gov_portal.settings import Settings
from workflows.services.register import CaseRegister


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
@click.option("--keep-months", type=click.IntRange(12, 1200), help="Put away the cases of earlier months.")
def maintain(months: int, keep_months: int | None) -> None:
    """Create the ledger's partitions of the coming months, and put away those of long ago; run it monthly."""
    settings = settings_or_fail()
    _maintain(settings, months=months)
    if keep_months is not None:
        _put_away(settings, before=partitions.month_after(datetime.now(UTC).date(), -keep_months))


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


def _put_away(settings: Settings, *, before: date) -> None:
    """Put away every month before one whose cases are all closed and sealed, and say of the others why they stay."""
    with Database(settings.database_url, pool_size=1) as database:
        register = CaseRegister(database)
        for month in archiving.months_before(settings.database_owner_url, before):
            if register.has_open(month, partitions.month_after(month, 1)):
                click.echo(f"{month:%Y-%m} stays: a case that was opened then is still open")
            else:
                archived = archiving.archive(settings.database_owner_url, app_role(settings), month)
                click.echo(f"{month:%Y-%m} {archived.value}")


def app_role(settings: Settings) -> str:
    """Return the name of the application's role, from its address."""
    return str(conninfo_to_dict(settings.database_url).get("user") or "gov_app")


def _maintain(settings: Settings, *, months: int) -> None:
    """Look ahead from today, and in a sandbox from the day on which its own time begins."""
    starts = [datetime.now(UTC).date(), *([SANDBOX_START.date()] if settings.is_clock_simulated else [])]
    made = [
        table
        for start in starts
        for table in partitions.maintain(settings.database_owner_url, from_month=start, months=months)
    ]
    schema.grant(settings.database_owner_url, app_role(settings))
    click.echo(f"new partitions: {', '.join(made) or 'none'}")
