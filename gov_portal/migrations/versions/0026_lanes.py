"""Give the outbox lanes, so that no backlog starves another, and a small index of what is under way."""

from alembic import op

revision = "0026_lanes"
down_revision = "0025_request_ids"
branch_labels = None
depends_on = None

_UP = (
    """ALTER TABLE kernel_outbox ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '',
       ADD COLUMN target text COLLATE "C" NOT NULL DEFAULT '',
       ADD COLUMN is_under_way boolean NOT NULL DEFAULT false""",
    "UPDATE kernel_outbox SET source = topic",
    "DROP INDEX kernel_outbox_nudge_at_idx",
    "CREATE INDEX kernel_outbox_lane_idx ON kernel_outbox (source, target, nudge_at)",
    "CREATE INDEX kernel_outbox_under_way_idx ON kernel_outbox (nudge_at) WHERE is_under_way",
)
_DOWN = (
    "DROP INDEX kernel_outbox_under_way_idx",
    "DROP INDEX kernel_outbox_lane_idx",
    "CREATE INDEX kernel_outbox_nudge_at_idx ON kernel_outbox (nudge_at)",
    "ALTER TABLE kernel_outbox DROP COLUMN is_under_way, DROP COLUMN target, DROP COLUMN source",
)


def upgrade() -> None:
    """Add the lanes; what waits already stands in that of its topic."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Take the lanes back."""
    for statement in _DOWN:
        op.execute(statement)
