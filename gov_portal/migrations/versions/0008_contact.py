"""Reserve the place of contact: e-mail addresses, preferences, deliveries of messages."""

revision = "0008_contact"
down_revision = "0007_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing yet."""


def downgrade() -> None:
    """Do nothing yet."""
