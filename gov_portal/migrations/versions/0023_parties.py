"""Keep who takes part in a case beside its applicant."""

from alembic import op

revision = "0023_parties"
down_revision = "0022_subjects"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workflows_parties (
      case_id uuid NOT NULL REFERENCES workflows_cases (id) ON DELETE CASCADE,
      party text NOT NULL,
      person uuid NOT NULL,
      CONSTRAINT workflows_parties_pkey PRIMARY KEY (case_id, party))""",
    "CREATE INDEX workflows_parties_person_idx ON workflows_parties (person)",
)


def upgrade() -> None:
    """Create the table."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop it; parties see their cases no more until they are asked again."""
    op.execute("DROP TABLE workflows_parties")
