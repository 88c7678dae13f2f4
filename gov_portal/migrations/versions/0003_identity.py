"""Create the tables of identity."""

revision = "0003_identity"
down_revision = "0002_workflows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
