"""Keep the state of a case before it moved to another version as the text that it was written as, too."""

from alembic import op

revision = "0031_moved_states"
down_revision = "0030_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write the table of moved cases anew."""
    op.execute("ALTER TABLE workflows_migration_cases ALTER COLUMN state TYPE json USING state::json")


def downgrade() -> None:
    """Write it as it was."""
    op.execute("ALTER TABLE workflows_migration_cases ALTER COLUMN state TYPE jsonb USING state::jsonb")
