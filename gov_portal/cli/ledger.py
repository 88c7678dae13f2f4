"""Seal and verify the ledger."""

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileAnchor, FileSigner
from gov_portal.kernel.ledger import seal as seal_ledger
from gov_portal.kernel.ledger import verify as verify_ledger
from workflows.services.register import CaseRegister

ANCHOR_FILE = "ledger.anchor"
_HEAD_SOURCES = (CaseRegister.heads,)
"""Of the packages that keep heads in their own rows."""

_SHOWN = 50


@click.group()
def ledger() -> None:
    """Seal and verify the ledger of case events, data calls and licence acts."""


@ledger.command()
def verify() -> None:
    """Find any edited, removed, reordered or cut row, any removed stream and any forged or removed seal."""
    settings = settings_or_fail()
    public_key, anchor = FileSigner(settings.secrets_dir).public_key, FileAnchor(settings.secrets_dir / ANCHOR_FILE)
    with Database(settings.database_url, pool_size=1) as database:
        findings = verify_ledger(database, _HEAD_SOURCES, public_key=public_key, anchor=anchor)
    for finding in findings[:_SHOWN]:
        click.echo(f"{finding.kind.value:16} {finding.stream or 'seal'} {finding.seq}")
    if findings:
        raise click.ClickException(f"the ledger is not sound: {len(findings)} findings")
    click.echo("the ledger is sound")


@ledger.command()
def seal() -> None:
    """Anchor what was written since the last seal."""
    settings = settings_or_fail()
    signer, anchor = FileSigner(settings.secrets_dir), FileAnchor(settings.secrets_dir / ANCHOR_FILE)
    with Database(settings.database_url, pool_size=1) as database:
        report = seal_ledger(database, signer, anchor=anchor)
    click.echo(f"{report.seals} seals over {report.streams} streams")
