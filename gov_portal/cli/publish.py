"""Publish service items: the folder seeds the registry."""

from pathlib import Path

import click

import workflows
from gov_portal.cli.environment import settings_or_fail
from gov_portal.cli.exchange import declared_grants
from gov_portal.exchange.directory import read_directory
from gov_portal.wiring.platform import build
from workflows.dsl.lint import DefinitionInvalid, item_paths

ITEMS = Path(workflows.__file__).parent / "items"


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=ITEMS)
def publish(path: Path) -> None:
    """Publish every item below PATH that is new, with the grants it declares; running cases keep their version."""
    platform = build(settings_or_fail())
    try:
        published = platform.definitions.publish(item_paths(path))
    except DefinitionInvalid as invalid:
        for finding in invalid.findings:
            click.echo(str(finding), err=True)
        raise click.ClickException("nothing was published") from None
    current = platform.definitions.published()
    platform.directory.seed(read_directory(), [grant for one in current for grant in declared_grants(one)])
    for one in published:
        click.echo(f"published {one.facts.id} version {one.facts.version} {one.hash[:12]}")
    if not published:
        click.echo("everything was published before")
