"""Let a case belong to another: the parts of a bundle (一件事)."""

from alembic import op

revision = "0019_bundles"
down_revision = "0018_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add which case opened a case, and at which step and visit."""
    op.execute("ALTER TABLE workflows_cases ADD COLUMN part_of uuid, ADD COLUMN part_step text")
    op.execute(
        """CREATE UNIQUE INDEX workflows_cases_part ON workflows_cases (part_of, part_step)
        WHERE part_of IS NOT NULL"""
    )


def downgrade() -> None:
    """Forget it."""
    op.execute("DROP INDEX workflows_cases_part")
    op.execute("ALTER TABLE workflows_cases DROP COLUMN part_of, DROP COLUMN part_step")
