"""Keep the heads of all items together, so that a new process knows them by reading one row."""

from alembic import op

revision = "0033_heading_sheet"
down_revision = "0032_compiled_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it fills by itself."""
    op.execute("CREATE TABLE workflows_heading_sheets (language text PRIMARY KEY, sealed bytea NOT NULL)")


def downgrade() -> None:
    """Drop it: everything in it is made anew from the sources."""
    op.execute("DROP TABLE workflows_heading_sheets")
