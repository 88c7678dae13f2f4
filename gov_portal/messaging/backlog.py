"""Count for operators what could not be told: messages put aside, webhook deliveries that nobody took."""

from collections.abc import Mapping
from dataclasses import dataclass

from gov_portal.kernel.db import Database

# Each part is answered by an index that holds nothing but such rows.
_BACKLOG_SQL = """
SELECT 'parked', channel, count(*) FROM messaging_deliveries WHERE status = 'parked' GROUP BY channel
UNION ALL SELECT 'dead', '', count(*) FROM messaging_webhook_deliveries WHERE status = 'dead'
UNION ALL SELECT 'disabled', '', count(*) FROM messaging_webhooks WHERE disabled_at IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Say how much was put aside, by channel, and how many webhooks fail."""

    parked: Mapping[str, int]
    dead: int
    disabled: int

    @classmethod
    def read(cls, db: Database) -> "Backlog":
        """Count; one statement."""
        with db.driver() as driver:
            rows = driver.execute(_BACKLOG_SQL).fetchall()
        counts = {(what, channel): number for what, channel, number in rows}
        parked = {channel: number for (what, channel), number in counts.items() if what == "parked"}
        return cls(parked, counts["dead", ""], counts["disabled", ""])
