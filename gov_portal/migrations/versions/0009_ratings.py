"""Reserve the place of ratings and their follow-ups."""

revision = "0009_ratings"
down_revision = "0008_contact"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing yet."""


def downgrade() -> None:
    """Do nothing yet."""
