"""Reserve the place of licences: seals, presentation codes and revocation list."""

revision = "0006_seals"
down_revision = "0005_licences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing yet."""


def downgrade() -> None:
    """Do nothing yet."""
