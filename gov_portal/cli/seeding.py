"""Make an empty database ready to work: schema, items, directory, and in a sandbox the made-up people."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import workflows
from gov_portal.cli.database import app_role
from gov_portal.cli.exchange import declared_grants
from gov_portal.cli.identity import seed_sandbox
from gov_portal.exchange.directory import read_directory
from gov_portal.kernel import schema
from gov_portal.kernel.clock_store import SANDBOX_START
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.ledger import FileSigner
from gov_portal.settings import Settings
from gov_portal.wiring.platform import Platform, build
from workflows.dsl.lint import compile_text, item_paths

ITEMS = Path(workflows.__file__).parent / "items"
MONTHS_AHEAD = 14


def prepare(settings: Settings) -> None:
    """Bring everything up to date; may be run again, and takes a second when there is nothing to do."""
    FileSigner.create(settings.secrets_dir)
    schema.migrate(settings.database_owner_url, app_role(settings))
    first = SANDBOX_START.date() if settings.is_clock_simulated else datetime.now(UTC).date()
    schema.maintain(settings.database_owner_url, from_month=first, months=MONTHS_AHEAD)
    schema.grant(settings.database_owner_url, app_role(settings))
    platform = build(settings)
    try:
        publish(platform)
        if settings.is_sandbox:
            seed_sandbox(platform.base.db, keys=platform.base.keys)
    finally:
        platform.base.db.dispose()


def publish(platform: Platform) -> int:
    """Publish the items that the package ships and the grants that they declare; return how many are new.

    An item that an operator has published in a higher version is left as it is.
    """
    versions = {one.facts.id: one.facts.version for one in platform.definitions.published()}
    published = platform.definitions.publish(path for path in item_paths(ITEMS) if not _is_behind(path, versions))
    grants = [grant for definition in platform.definitions.published() for grant in declared_grants(definition)]
    platform.directory.seed(read_directory(), grants)
    return len(published)


def _is_behind(path: Path, versions: Mapping[ItemId, int]) -> bool:
    """Tell whether a higher version of the file's item is published."""
    facts = compile_text(path.read_text("utf-8"), path.name).facts
    return facts.version < versions.get(facts.id, facts.version)
