"""Seal and verify the ledger."""

from collections.abc import Sequence

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel import ledger
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileAnchor, FileSigner, HeadSource

ANCHOR_FILE = "ledger.anchor"
_SHOWN = 50


def ledger_commands(head_sources: Sequence[HeadSource]) -> click.Group:
    """Return the group ``ledger``; ``head_sources`` are those of the packages that keep heads in their own rows."""
    group = click.Group("ledger", help="Seal and verify the ledger of case events, data calls and licence acts.")
    group.add_command(click.Command("verify", callback=lambda: _verify(head_sources), help=_verify.__doc__))
    group.add_command(click.Command("seal", callback=_seal, help=_seal.__doc__))
    return group


def _verify(head_sources: Sequence[HeadSource]) -> None:
    """Find any edited, removed, reordered or cut row, any removed stream and any forged or removed seal."""
    settings = settings_or_fail()
    public_key, anchor = FileSigner(settings.secrets_dir).public_key, FileAnchor(settings.secrets_dir / ANCHOR_FILE)
    with Database(settings.database_url, pool_size=1) as database:
        findings = ledger.verify(database, head_sources, public_key=public_key, anchor=anchor)
    for finding in findings[:_SHOWN]:
        click.echo(f"{finding.kind.value:16} {finding.stream or 'seal'} {finding.seq}")
    if findings:
        raise click.ClickException(f"the ledger is not sound: {len(findings)} findings")
    click.echo("the ledger is sound")


def _seal() -> None:
    """Anchor what was written since the last seal."""
    settings = settings_or_fail()
    signer, anchor = FileSigner(settings.secrets_dir), FileAnchor(settings.secrets_dir / ANCHOR_FILE)
    with Database(settings.database_url, pool_size=1) as database:
        report = ledger.seal(database, signer, anchor=anchor)
    click.echo(f"{report.seals} seals over {report.streams} streams")
