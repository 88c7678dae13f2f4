"""Look for whom items are, and hear of events, by hand."""

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.wiring.platform import build


@click.group()
def offers() -> None:
    """Offer items to whom they are for (免申即享)."""


@offers.command()
def survey() -> None:
    """Ask departments, yes or no, for whom the published items are, and offer them; done daily by itself."""
    click.echo(f"{build(settings_or_fail()).casework.offers.survey()} new offers")


@offers.command()
@click.argument("event")
@click.argument("reference")
@click.option("--id-no", prompt="Citizen id", hide_input=True, help="Whom it is about; asked for where missing.")
def hear(event: str, reference: str, id_no: str) -> None:
    """Take an EVENT that a department tells of somebody, under its REFERENCE, and offer what begins upon it."""
    offers = build(settings_or_fail()).casework.offers
    click.echo(f"{tried(lambda: offers.hear(event, id_no=id_no, reference=reference))} new offers")
