"""Create the tables of licences."""

revision = "0005_licences"
down_revision = "0004_exchange"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
