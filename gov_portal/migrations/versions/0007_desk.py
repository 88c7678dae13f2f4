"""Reserve the place of desk: jobs of bulk acts, saved filters, snippets, absences, held acts."""

revision = "0007_desk"
down_revision = "0006_seals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing yet."""


def downgrade() -> None:
    """Do nothing yet."""
