"""Run closed cases against a draft of their item, before anybody meets it."""

import click

from gov_portal.cli.comparing import named_definition
from gov_portal.cli.versions import opened_platform


@click.command()
@click.argument("draft")
@click.option(
    "--most", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many, the latest first."
)
def replay(draft: str, most: int) -> None:
    """Say what would differ in the closed cases of an item if DRAFT (a file, or a hash) had held; no value is told."""
    definition = named_definition(draft)
    told = otherwise = 0
    with opened_platform() as platform:
        for report in platform.items.replays.replay(definition, most=most):
            told += 1
            otherwise += bool(report.differences)
            for difference in report.differences:
                click.echo(f"{report.case_number or report.case}  {difference}")
    click.echo(f"{told} closed cases, {otherwise} would differ", err=True)
