"""Check the service items."""

import click


@click.group()
def items() -> None:
    """Check the service items."""
