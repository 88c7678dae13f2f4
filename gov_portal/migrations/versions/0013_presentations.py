"""Remember of a presentation when its code was made, and how often it was checked."""

from alembic import op

revision = "0013_presentations"
down_revision = "0012_counter"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was shown before was made when it was checked."""
    op.execute("ALTER TABLE licences_presentations ADD COLUMN made_at timestamptz")
    op.execute("ALTER TABLE licences_presentations ADD COLUMN checks integer NOT NULL DEFAULT 1")
    op.execute("UPDATE licences_presentations SET made_at = checked_at")
    op.execute("ALTER TABLE licences_presentations ALTER COLUMN made_at SET NOT NULL")


def downgrade() -> None:
    """Drop them."""
    op.execute("ALTER TABLE licences_presentations DROP COLUMN checks, DROP COLUMN made_at")
