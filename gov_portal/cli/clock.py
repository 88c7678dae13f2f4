"""Show and move the business time of a sandbox."""

from zoneinfo import ZoneInfo

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel.clock_store import DurationInvalid, SimulatedClock
from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.working_days import Calendar

_SHANGHAI = ZoneInfo("Asia/Shanghai")


@click.group()
def clock() -> None:
    """Show the business time, and move it in a sandbox."""


@clock.command()
def show() -> None:
    """Show the business time in Shanghai."""
    settings = settings_or_fail()
    with Database(settings.database_url, pool_size=1) as database:
        found: Clock = SimulatedClock(database) if settings.is_clock_simulated else SystemClock()
        kind = "simulated" if settings.is_clock_simulated else "system"
        click.echo(f"{found.now().astimezone(_SHANGHAI):%Y-%m-%d %H:%M} ({kind})")


@clock.command()
@click.argument("duration")
def advance(duration: str) -> None:
    """Move the sandbox forward by 5wd (working days), 3d, 2h or 30m."""
    settings = settings_or_fail()
    if not settings.is_clock_simulated:
        raise click.ClickException("the clock is the system's; only a sandbox with GOV_CLOCK=simulated may move it")
    try:
        with Database(settings.database_url, pool_size=1) as database:
            moved = SimulatedClock(database).advance(duration, calendar=Calendar.official(settings.calendar_file))
    except DurationInvalid as error:
        raise click.BadParameter("write 5wd, 3d, 2h or 30m", param_hint="DURATION") from error
    click.echo(f"{moved.astimezone(_SHANGHAI):%Y-%m-%d %H:%M}")
