"""Create the tables of ratings and of the follow-ups of bad ones."""

from alembic import op

revision = "0009_ratings"
down_revision = "0008_contact"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workflows_ratings (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL,
        round smallint NOT NULL CHECK (round BETWEEN 1 AND 2),
        item text NOT NULL,
        org text NOT NULL,
        region text NOT NULL,
        level text NOT NULL
            CHECK (level IN ('very-satisfied', 'satisfied', 'fair', 'dissatisfied', 'very-dissatisfied')),
        reasons text[] NOT NULL,
        key_id uuid NOT NULL,
        sealed bytea,
        at timestamptz NOT NULL,
        UNIQUE (case_id, round))
    """,
    """
    CREATE TABLE workflows_rating_followups (
        rating_id uuid PRIMARY KEY REFERENCES workflows_ratings (id),
        opened_at timestamptz NOT NULL,
        contact_due_on date NOT NULL,
        due_on date NOT NULL,
        contacted_at timestamptz,
        answered_at timestamptz,
        answered_by uuid,
        sealed bytea,
        CHECK ((answered_at IS NULL) = (sealed IS NULL)))
    """,
    "CREATE INDEX workflows_rating_followups_open ON workflows_rating_followups (due_on) WHERE answered_at IS NULL",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE workflows_rating_followups")
    op.execute("DROP TABLE workflows_ratings")
