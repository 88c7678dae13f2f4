"""Fill and show the directory of the exchange."""

from collections.abc import Iterable
from pathlib import Path

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.exchange.directory import DirectoryInvalid, read_directory
from gov_portal.exchange.domain import PREDICATE_FIELD, Grant, ResourceId, SystemId
from gov_portal.exchange.storage import StoredDirectory
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.clocks import SystemClock
from gov_portal.kernel.db import Database
from workflows.definitions import Definitions
from workflows.domain.definition import CallStep, Definition


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


def declared_grants(definition: Definition) -> tuple[Grant, ...]:
    """Return what an item declares to use of each resource: its prefills and what its calls compare or hand over.

    A purpose that is not spelled is the item's id; a call may also name its step.
    """
    item = definition.facts.id
    prefills = (
        _grant(definition, source=prefill.source, paths=prefill.gives, purposes=(prefill.purpose or item, item))
        for prefill in definition.prefills
        if is_department(prefill.source)
    )
    calls = [step for step in definition.steps.values() if isinstance(step, CallStep)]
    asked = (
        _grant(definition, source=step.resource, paths=(*step.match, *step.hands), purposes=(item, step.id))
        for step in calls
    )
    undone = (
        _grant(definition, source=step.undo, paths=step.hands, purposes=(item, step.id)) for step in calls if step.undo
    )
    return (*prefills, *asked, *undone, *_offered(definition))


def _offered(definition: Definition) -> tuple[Grant, ...]:
    """Return the predicates that an item asks as a standing programme."""
    rule = definition.start.offer
    return tuple(
        _grant(definition, source=name, paths=(f"offer.{PREDICATE_FIELD}",), purposes=(definition.facts.id,))
        for name in (rule.predicates if rule else ())
    )


def is_department(source: str) -> bool:
    """Tell whether a source is a department's resource, not the platform's own ``account`` or ``appealed``."""
    return "." in source


def _grant(definition: Definition, *, source: str, paths: Iterable[str], purposes: Iterable[str]) -> Grant:
    return Grant(
        item=definition.facts.id,
        resource=ResourceId(source),
        fields=frozenset(path.rpartition(".")[2] for path in paths),
        purposes=frozenset(purposes),
    )


def _database() -> Database:
    """Open the database until the command ends."""
    db = Database(settings_or_fail().database_url, pool_size=1)
    click.get_current_context().call_on_close(db.dispose)
    return db
