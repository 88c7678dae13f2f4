"""Keep what a case says of itself as the text that it is written as, a third smaller, and its number in one index."""

from alembic import op

revision = "0030_states"
down_revision = "0029_requests"
branch_labels = None
depends_on = None

# Numbers in the order of their bytes are found by their beginning in the index that keeps them unique.
_UP = (
    "DROP INDEX workflows_cases_number",
    "ALTER TABLE workflows_cases ALTER COLUMN draft DROP DEFAULT",
    """ALTER TABLE workflows_cases ALTER COLUMN state TYPE json USING state::json,
       ALTER COLUMN draft TYPE json USING draft::json, ALTER COLUMN draft SET DEFAULT '{}',
       ALTER COLUMN case_number TYPE text COLLATE "C" """,
)
_DOWN = (
    "ALTER TABLE workflows_cases ALTER COLUMN draft DROP DEFAULT",
    """ALTER TABLE workflows_cases ALTER COLUMN state TYPE jsonb USING state::jsonb,
       ALTER COLUMN draft TYPE jsonb USING draft::jsonb, ALTER COLUMN draft SET DEFAULT '{}',
       ALTER COLUMN case_number TYPE text COLLATE "default" """,
    "CREATE INDEX workflows_cases_number ON workflows_cases (case_number text_pattern_ops)",
)


def upgrade() -> None:
    """Write the table of cases anew."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Write it as it was."""
    for statement in _DOWN:
        op.execute(statement)
