"""Fill and show the directory of the exchange."""

from pathlib import Path

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.exchange.directory import DirectoryInvalid, read_directory
from gov_portal.exchange.domain import SystemId
from gov_portal.exchange.storage import StoredDirectory
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.db import Database
from gov_portal.wiring.granting import declared_grants
from workflows.definitions import Definitions


@click.group()
def exchange() -> None:
    """Fill and show the directory of shared data: systems, resources, grants."""


@exchange.command()
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another directory.")
def seed(path: Path | None) -> None:
    """Store the directory, and the grants that the published items declare; may be run again."""
    db = _database()
    clock = SimulatedClock(db) if settings_or_fail().is_clock_simulated else SystemClock()
    published = Definitions(db, clock=clock).published()
    declared = [grant for definition in published for grant in declared_grants(definition)]
    try:
        directory = read_directory(path)
        StoredDirectory(db).seed(directory, declared)
    except DirectoryInvalid as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(
        f"{len(directory.systems)} systems, {len(directory.resources)} resources, {len(declared)} declared grants"
    )


@exchange.command("list")
def list_() -> None:
    """List who may use which fields of which resource, for what."""
    for grant, system in StoredDirectory(_database()).grants():
        state = "" if system.is_active and grant.is_active else "  SWITCHED OFF"
        until = f"  until {grant.until}" if grant.until else ""
        fields, purposes = ", ".join(sorted(grant.fields)), ", ".join(sorted(grant.purposes))
        click.echo(f"{grant.item:32} {grant.resource:20} [{fields}] for [{purposes}]{until}{state}")


@exchange.command()
@click.argument("system")
@click.argument("state", type=click.Choice(["on", "off"]))
def switch(system: str, state: str) -> None:
    """Let a department's system take part, or bar it: every request for it is refused from then on."""
    if not StoredDirectory(_database()).switch_system(SystemId(system), is_active=state == "on"):
        raise click.ClickException(f"there is no system {system}")
    click.echo(f"{system} is {state}")


def _database() -> Database:
    """Open the database until the command ends."""
    db = Database(settings_or_fail().database_url, pool_size=1)
    click.get_current_context().call_on_close(db.dispose)
    return db
