"""Offer the ``gov`` command."""

import os
from pathlib import Path

import click

from gov_portal.cli.groups import LateGroup
from gov_portal.cli.home import Home

STARTERS = frozenset({"dev", "demo"})
"""Commands that start an instance of their own and ask nothing of a running one."""

_PLACES = {
    "api": "api",
    "cases": "cases",
    "clock": "clock",
    "db": "database:db",
    "demo": "demo.command:demo",
    "dev": "dev",
    "doctor": "doctor.command:doctor",
    "exchange": "exchange",
    "files": "files",
    "identity": "identity",
    "items": "items",
    "keys": "keys",
    "ledger": "ledger",
    "offers": "offers",
    "openapi": "openapi",
    "payments": "payments",
    "relay": "working:relay",
    "sandbox": "sandbox",
    "settings": "settings",
    "web": "serving:web",
    "work": "work",
    "worker": "working:worker",
}


@click.group(cls=LateGroup, places=_PLACES)
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
