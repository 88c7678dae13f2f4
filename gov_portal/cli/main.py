"""Offer the ``gov`` command."""

import json
import os
from pathlib import Path

import click

from gov_portal.cli.cases import cases
from gov_portal.cli.clock import clock
from gov_portal.cli.database import db
from gov_portal.cli.demo.command import demo
from gov_portal.cli.dev import dev
from gov_portal.cli.exchange import exchange
from gov_portal.cli.identity import identity
from gov_portal.cli.instance import ENVIRONMENT_FILE
from gov_portal.cli.items import items
from gov_portal.cli.ledger import ledger_commands
from gov_portal.cli.sandbox import sandbox
from gov_portal.cli.serving import relay, web, worker
from workflows.services.register import CaseRegister


@click.group()
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".run"),
    show_default=True,
    envvar="GOV_HOME",
    help="Folder of a running sandbox; used where DATABASE_URL is not set.",
)
def main(home: Path) -> None:
    """Run and look after the portal."""
    known = home / ENVIRONMENT_FILE
    if "DATABASE_URL" not in os.environ and known.is_file():
        os.environ.update(json.loads(known.read_text()))


for command in (cases, clock, db, demo, dev, exchange, identity, items, relay, sandbox, web, worker):
    main.add_command(command)
main.add_command(ledger_commands([CaseRegister.heads]), "ledger")
