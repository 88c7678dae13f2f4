"""Keep how far each unit has read the letters of a case, so that no unit's letter counts as read by another."""

from alembic import op

revision = "0015_letter_marks"
down_revision = "0014_backlog"
branch_labels = None
depends_on = None

UP = (
    "ALTER TABLE workflows_threads ADD COLUMN read_by_units jsonb NOT NULL DEFAULT '{}'",
    "ALTER TABLE workflows_threads ALTER COLUMN read_by_units DROP DEFAULT",
    "DROP INDEX workflows_threads_unread_idx",
    "ALTER TABLE workflows_threads DROP COLUMN from_applicant, DROP COLUMN read_by_office",
    "CREATE INDEX workflows_threads_unread_idx ON workflows_threads USING gin (units)",
)
DOWN = (
    "DROP INDEX workflows_threads_unread_idx",
    """
    ALTER TABLE workflows_threads
        ADD COLUMN from_applicant integer NOT NULL DEFAULT 0, ADD COLUMN read_by_office integer NOT NULL DEFAULT 0
    """,
    """
    ALTER TABLE workflows_threads
        ALTER COLUMN from_applicant DROP DEFAULT, ALTER COLUMN read_by_office DROP DEFAULT, DROP COLUMN read_by_units
    """,
    """
    UPDATE workflows_threads t SET from_applicant = coalesce((SELECT max(l.number) FROM workflows_letters l
        WHERE l.case_id = t.case_id AND l.side = 'applicant'), 0)
    """,
    "UPDATE workflows_threads SET read_by_office = from_applicant WHERE units = '{}'",
    """
    CREATE INDEX workflows_threads_unread_idx ON workflows_threads USING gin (units)
        WHERE from_applicant > read_by_office
    """,
)


def upgrade() -> None:
    """Give the marks of units their column; no letter was written under the old ones yet."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Go back to one mark for all offices."""
    for statement in DOWN:
        op.execute(statement)
