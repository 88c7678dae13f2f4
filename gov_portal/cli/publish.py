"""Publish service items: the folder seeds the registry."""

from pathlib import Path

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel.db import Database
from workflows.definitions import Definitions
from workflows.dsl.lint import DefinitionInvalid, item_paths

ITEMS = Path(__file__).resolve().parents[2] / "workflows" / "items"


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=ITEMS)
def publish(path: Path) -> None:
    """Publish every item below PATH that is new; running cases keep the version that they began with."""
    db = Database(settings_or_fail().database_url)
    try:
        published = Definitions(db).publish(item_paths(path))
    except DefinitionInvalid as invalid:
        for finding in invalid.findings:
            click.echo(str(finding), err=True)
        raise click.ClickException("nothing was published") from None
    for one in published:
        click.echo(f"published {one.facts.id} version {one.facts.version} {one.hash[:12]}")
    if not published:
        click.echo("everything was published before")
