"""Keep beside every effect which request asked for it."""

from alembic import op

revision = "0025_request_ids"
down_revision = "0024_unit_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what waits already came of a request that nobody remembers."""
    op.execute("ALTER TABLE kernel_outbox ADD COLUMN request_id text NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Drop it."""
    op.execute("ALTER TABLE kernel_outbox DROP COLUMN request_id")
