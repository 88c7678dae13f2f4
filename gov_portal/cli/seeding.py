"""Make an empty database ready to work: schema, items, directory, and in a sandbox the made-up people."""

from datetime import UTC, datetime

from gov_portal.cli.database import app_role
from gov_portal.cli.identity import seed_sandbox
from gov_portal.cli.keys import make_keys
from gov_portal.cli.publish import publish_items
from gov_portal.kernel import partitions, schema
from gov_portal.kernel.clock_store import SANDBOX_START
from gov_portal.kernel.db import Database
from gov_portal.settings import Settings
from gov_portal.wiring.platform import build

MONTHS_AHEAD = 14


def prepare(settings: Settings) -> None:
    """Bring everything up to date; may be run again, and takes a second when there is nothing to do."""
    schema.migrate(settings.database_owner_url, app_role(settings))
    first = SANDBOX_START.date() if settings.is_clock_simulated else datetime.now(UTC).date()
    partitions.maintain(settings.database_owner_url, from_month=first, months=MONTHS_AHEAD)
    schema.grant(settings.database_owner_url, app_role(settings))
    with Database(settings.database_url, pool_size=1) as database:
        make_keys(settings.secrets_dir, database)
    platform = build(settings)
    try:
        publish_items(platform)
        if settings.is_sandbox:
            seed_sandbox(platform.base.db, keys=platform.base.keys)
    finally:
        platform.base.db.dispose()
