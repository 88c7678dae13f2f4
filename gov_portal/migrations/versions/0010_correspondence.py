"""Create the tables of the letters that applicants and offices write to each other inside a case (往来消息)."""

from alembic import op

revision = "0010_correspondence"
down_revision = "0009_ratings"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workflows_threads (
        case_id uuid PRIMARY KEY REFERENCES workflows_cases (id),
        last integer NOT NULL,
        from_applicant integer NOT NULL,
        from_office integer NOT NULL,
        read_by_applicant integer NOT NULL,
        read_by_office integer NOT NULL,
        units text[] NOT NULL)
    """,
    """
    CREATE INDEX workflows_threads_unread_idx ON workflows_threads USING gin (units)
        WHERE from_applicant > read_by_office
    """,
    """
    CREATE TABLE workflows_letters (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES workflows_threads (case_id),
        number integer NOT NULL,
        side text NOT NULL CHECK (side IN ('applicant', 'office')),
        author uuid NOT NULL,
        units text[] NOT NULL,
        organ text NOT NULL,
        sealed bytea NOT NULL,
        at timestamptz NOT NULL,
        UNIQUE (case_id, number))
    """,
    """
    CREATE FUNCTION workflows_letters_stand() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'letters are never changed'; END $$
    """,
    """
    CREATE TRIGGER workflows_letters_stand BEFORE UPDATE OR DELETE ON workflows_letters
        FOR EACH ROW EXECUTE FUNCTION workflows_letters_stand()
    """,
)


def upgrade() -> None:
    """Create the tables; a letter that was written stays as it is."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE workflows_letters")
    op.execute("DROP FUNCTION workflows_letters_stand")
    op.execute("DROP TABLE workflows_threads")
