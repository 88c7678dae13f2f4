"""Reserve the place of API keys, stored answers and webhooks."""

revision = "0011_interfaces"
down_revision = "0010_correspondence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing yet."""


def downgrade() -> None:
    """Do nothing yet."""
