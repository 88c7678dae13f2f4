"""Look after cases as an operator."""

import json

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.kernel.principal import Platform
from gov_portal.wiring.platform import build


@click.group()
def cases() -> None:
    """Look after cases."""


@cases.command()
def sweep() -> None:
    """Find open cases that nothing will ever move again, and projections that disagree with their case."""
    findings = build(settings_or_fail()).casework.cases.sweep()
    for finding in findings:
        click.echo(f"{finding.kind:20} {finding.case_number or finding.case}")
    if findings:
        raise click.ClickException(f"{len(findings)} cases need a look")
    click.echo("every open case has a task, a timer, an effect on its way or a message to wait for")


@cases.command()
@click.argument("number")
def report(number: str) -> None:
    """Print what is reported upward of the case of a NUMBER, as JSON; the reading stands in the person's records."""
    platform = build(settings_or_fail())
    try:
        found = tried(lambda: platform.casework.reports.of_number(number, by=Platform("operator")))
    finally:
        platform.base.db.dispose()
    click.echo(json.dumps(found.sets, ensure_ascii=False, indent=2))
