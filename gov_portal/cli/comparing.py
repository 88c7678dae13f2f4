"""Compare versions of items, and find what mentions a law, a resource or a field."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.cli.linting import every_path
from gov_portal.cli.showing import definitions_of
from gov_portal.wiring.platform import build
from workflows.domain.definition import Definition
from workflows.dsl.comparison import compare
from workflows.dsl.mentions import mentions

JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.command()
@click.argument("old")
@click.argument("new")
@JSON
def diff(old: str, new: str, *, as_json: bool) -> None:
    """Say what differs in meaning from OLD to NEW; each is a file, or the hash of a draft or version."""
    changes = compare(named_definition(old), named_definition(new))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in changes], ensure_ascii=False, indent=2))
        return
    for one in changes:
        click.echo(str(one))
    click.echo(f"{len(changes)} differences", err=True)


@click.command()
@click.argument("word")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@JSON
def uses(word: str, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Say which items cite an article, read a resource or hold a field; exit 1 where none does."""
    every = (definition for path in every_path(paths) for definition in definitions_of(path))
    found = [one for definition in every for one in mentions(definition, word)]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(str(one))
    if not found:
        raise click.ClickException(f"no item mentions {word}")


def named_definition(name: str) -> Definition:
    """Return the definition of a file, or of a hash (or the beginning of one) in the registry.

    Raises:
        ClickException: there is none, or the file has errors.
    """
    path = Path(name)
    if path.exists():
        first, *others = definitions_of(path)
        if others:
            raise click.ClickException(f"{name} is a family of {1 + len(others)} items: compare what `expand` prints")
        return first
    platform = build(settings_or_fail())
    try:
        return tried(lambda: platform.items.definitions.by_prefix(name))
    finally:
        platform.base.db.dispose()
