"""Keep definitions as they were compiled beside their sources, so that one process compiles for all."""

from alembic import op

revision = "0032_compiled_forms"
down_revision = "0031_moved_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it fills by itself."""
    op.execute(
        """
        CREATE TABLE workflows_compiled (
            hash text PRIMARY KEY REFERENCES workflows_definitions (hash),
            language text NOT NULL,
            heading bytea NOT NULL,
            body bytea NOT NULL)
        """
    )


def downgrade() -> None:
    """Drop it: everything in it is made anew from the sources."""
    op.execute("DROP TABLE workflows_compiled")
