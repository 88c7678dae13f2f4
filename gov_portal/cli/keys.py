"""Make the keys of a new installation, once."""

from pathlib import Path

import click
from psycopg import sql

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel.cipher import KEY_FILES, FileKms
from gov_portal.kernel.db import Database, Driver
from gov_portal.kernel.ledger import FileSigner
from gov_portal.kernel.ledger.seals import KEY_FILE

_MAKERS = {
    **dict.fromkeys(KEY_FILES, ("kernel_keys", FileKms.create)),
    KEY_FILE: ("kernel_ledger_seals", FileSigner.create),
}
"""Which table holds what a key has made, and how the key is made."""


@click.group()
def keys() -> None:
    """Keep the keys of the installation."""


@keys.command()
def make() -> None:
    """Make the keys of a new installation: for personal data, for searching in them, for the seals of the ledger.

    A key that exists is left alone. One that is missing is made only while nothing stored needs the lost one.
    """
    settings = settings_or_fail()
    with Database(settings.database_url, pool_size=1) as database:
        made = make_keys(settings.secrets_dir, database)
    for name in made:
        click.echo(f"made {settings.secrets_dir / name}; keep a copy apart from the database's")
    if not made:
        click.echo("every key exists; nothing was made")


def make_keys(secrets_dir: Path, database: Database) -> list[str]:
    """Make the missing keys and return their names.

    Raises:
        ClickException: something stored was made with a key that is missing; nothing is made.
    """
    missing = [name for name in _MAKERS if not (secrets_dir / name).exists()]
    with database.driver() as driver:
        lost = [name for name in missing if _holds_rows(driver, _MAKERS[name][0])]
    if lost:
        raise click.ClickException(
            f"{', '.join(lost)} of {secrets_dir} existed and is gone: restore it from its backup. "
            "The database holds what was made with it, and a new key opens none of that; nothing was made"
        )
    for name in missing:
        _MAKERS[name][1](secrets_dir)
    return missing


def _holds_rows(driver: Driver, table: str) -> bool:
    """Tell whether a table has rows; one that is not there yet has none."""
    (name,) = driver.execute("SELECT to_regclass(%s)", (table,)).fetchone() or (None,)
    rows = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
    return name is not None and driver.execute(rows).fetchone() is not None
