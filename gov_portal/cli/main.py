"""Offer the ``gov`` command."""

import os
from pathlib import Path

import click

from gov_portal.cli.api import api, openapi
from gov_portal.cli.cases import cases
from gov_portal.cli.clock import clock
from gov_portal.cli.comparing import diff, uses
from gov_portal.cli.database import db
from gov_portal.cli.demo.command import demo
from gov_portal.cli.dev import dev
from gov_portal.cli.doctor.command import doctor
from gov_portal.cli.environment import Commands
from gov_portal.cli.exchange import exchange
from gov_portal.cli.files import files
from gov_portal.cli.home import Home
from gov_portal.cli.identity import identity
from gov_portal.cli.items import items
from gov_portal.cli.keys import keys
from gov_portal.cli.ledger import ledger_commands
from gov_portal.cli.migrating import migrate
from gov_portal.cli.offers import offers
from gov_portal.cli.payments import payments
from gov_portal.cli.pictures import bpmn, picture, schema
from gov_portal.cli.replaying import replay
from gov_portal.cli.reuse import expand, merge, new
from gov_portal.cli.sandbox import sandbox
from gov_portal.cli.serving import relay, web, worker
from gov_portal.cli.trying import paths, run_tests, simulate
from gov_portal.cli.versions import draft, publish, rollback, versions
from gov_portal.cli.work import work
from workflows.services.register import CaseRegister

STARTERS = frozenset({"dev", "demo"})
"""Commands that start an instance of their own and ask nothing of a running one."""


@click.group(cls=Commands)
@click.pass_context
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".run"),
    show_default=True,
    envvar="GOV_HOME",
    help="Folder of a running sandbox; used where DATABASE_URL is not set.",
)
def main(context: click.Context, home: Path) -> None:
    """Run and look after the portal."""
    if "DATABASE_URL" not in os.environ and context.invoked_subcommand not in STARTERS:
        os.environ.update(Home(home.resolve()).running_environment())


for command in (
    api,
    openapi,
    cases,
    clock,
    db,
    demo,
    dev,
    doctor,
    exchange,
    files,
    identity,
    items,
    keys,
    offers,
    payments,
    relay,
    sandbox,
    web,
    work,
    worker,
):
    main.add_command(command)
for command in (
    bpmn,
    picture,
    schema,
    diff,
    draft,
    expand,
    merge,
    migrate,
    new,
    paths,
    publish,
    replay,
    rollback,
    run_tests,
    simulate,
    uses,
    versions,
):
    items.add_command(command)
main.add_command(ledger_commands([CaseRegister.heads]), "ledger")
