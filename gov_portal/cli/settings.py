"""Tell which settings there are."""

import click

from gov_portal.settings import Settings

_HEAD = ("| variable | default | means |", "|---|---|---|")


@click.command()
def settings() -> None:
    """Print every setting with its default and its meaning, as they stand in the reference."""
    click.echo(table())


def table() -> str:
    """Return the table of the reference."""
    return "\n".join((*_HEAD, *(variable.row for variable in Settings.variables().values())))
