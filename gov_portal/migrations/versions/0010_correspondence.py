"""Reserve the place of messages inside a case."""

revision = "0010_correspondence"
down_revision = "0009_ratings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing yet."""


def downgrade() -> None:
    """Do nothing yet."""
