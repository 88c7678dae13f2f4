"""Let what could not be told be counted without looking at what was."""

from alembic import op

revision = "0014_backlog"
down_revision = "0013_presentations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index of dead deliveries alone."""
    op.execute(
        "CREATE INDEX messaging_webhook_deliveries_dead_idx ON messaging_webhook_deliveries (webhook_id) "
        "WHERE status = 'dead'"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX messaging_webhook_deliveries_dead_idx")
