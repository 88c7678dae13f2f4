"""Compare the folder of files with what the database knows of it."""

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.wiring.foundations import Foundations

_SHOWN = 50


@click.group()
def files() -> None:
    """Look after uploaded and made files."""


@files.command()
@click.option("--whole", is_flag=True, help="Open every file as well, which takes as long as reading all of them.")
def verify(whole: bool) -> None:
    """Find files that the database knows and the folder has not, or not as they were put there."""
    base = Foundations.lay(settings_or_fail())
    try:
        lost, looked_at = 0, 0
        for file, fault in base.files.faults(whole=whole):
            looked_at += 1
            if fault:
                lost += 1
                if lost <= _SHOWN:
                    click.echo(f"{fault:8} {file.id} of {file.owner}")
    finally:
        base.db.dispose()
    if lost:
        raise click.ClickException(f"{lost} of {looked_at} files are not as they were")
    click.echo(f"all {looked_at} files are there")
