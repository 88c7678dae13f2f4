"""Look after cases as an operator."""

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.wiring.platform import build


@click.group()
def cases() -> None:
    """Look after cases."""


@cases.command()
def sweep() -> None:
    """Find open cases that nothing will ever move again, and projections that disagree with their case."""
    findings = build(settings_or_fail()).cases.sweep()
    for finding in findings:
        click.echo(f"{finding.kind:20} {finding.case_number or finding.case}")
    if findings:
        raise click.ClickException(f"{len(findings)} cases need a look")
    click.echo("every open case has a task, a timer, an effect on its way or a message to wait for")
