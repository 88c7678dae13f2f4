"""Keep beside every effect how it failed, and let one that fails again and again be put aside."""

from alembic import op

revision = "0028_parked_work"
down_revision = "0027_archived"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, none of which a new row fills, and an index of what is parked alone."""
    op.execute(
        "ALTER TABLE kernel_outbox ADD COLUMN failures integer NOT NULL DEFAULT 0, ADD COLUMN history jsonb, "
        "ADD COLUMN parked_at timestamptz"
    )
    op.execute("CREATE INDEX kernel_outbox_parked_idx ON kernel_outbox (id) WHERE parked_at IS NOT NULL")


def downgrade() -> None:
    """Let what is parked be tried again, and drop the columns with their index."""
    op.execute("UPDATE kernel_outbox SET available_at = now(), nudge_at = now() WHERE parked_at IS NOT NULL")
    op.execute("ALTER TABLE kernel_outbox DROP COLUMN failures, DROP COLUMN history, DROP COLUMN parked_at")
