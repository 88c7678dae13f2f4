"""Publish service items: the folder seeds the registry."""

from collections.abc import Mapping
from pathlib import Path

import click

import workflows
from gov_portal.cli.environment import settings_or_fail
from gov_portal.cli.exchange import declared_grants
from gov_portal.exchange.directory import read_directory
from gov_portal.kernel.ids import ItemId
from gov_portal.wiring.platform import Platform, build
from workflows.domain.definition import Definition
from workflows.dsl.lint import DefinitionInvalid, compile_text, item_paths

ITEMS = Path(workflows.__file__).parent / "items"


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
def publish(path: Path | None) -> None:
    """Publish every item below PATH that is new, with the grants it declares; running cases keep their version.

    Without PATH these are the items of the package, none of them behind a higher version that is published.
    """
    try:
        published = publish_items(build(settings_or_fail()), path)
    except DefinitionInvalid as invalid:
        for finding in invalid.findings:
            click.echo(str(finding), err=True)
        raise click.ClickException("nothing was published") from None
    for one in published:
        click.echo(f"published {one.facts.id} version {one.facts.version} {one.hash[:12]}")
    if not published:
        click.echo("everything was published before")


def publish_items(platform: Platform, path: Path | None = None) -> tuple[Definition, ...]:
    """Publish the items below ``path``, or those of the package, and the grants that all published items declare.

    An item of the package that an operator has published in a higher version is left as it is.

    Raises:
        DefinitionInvalid: a file does not pass the linter; nothing is published.
    """
    versions = {one.facts.id: one.facts.version for one in platform.definitions.published()}
    shipped = (file for file in item_paths(ITEMS) if not _is_behind(file, versions))
    published = platform.definitions.publish(shipped if path is None else item_paths(path))
    grants = [grant for one in platform.definitions.published() for grant in declared_grants(one)]
    platform.directory.seed(read_directory(), grants)
    return published


def _is_behind(path: Path, versions: Mapping[ItemId, int]) -> bool:
    """Tell whether a higher version of the file's item is published."""
    facts = compile_text(path.read_text("utf-8"), path.name).facts
    return facts.version < versions.get(facts.id, facts.version)
