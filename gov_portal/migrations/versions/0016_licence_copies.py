"""Create the table of annotated copies of licences."""

from alembic import op

revision = "0016_licence_copies"
down_revision = "0015_letter_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        CREATE TABLE licences_copies (
            id uuid PRIMARY KEY,
            licence_id uuid NOT NULL REFERENCES licences_licences (id),
            version integer NOT NULL,
            verify_code text COLLATE "C" NOT NULL UNIQUE,
            made_at timestamptz NOT NULL,
            made_on date NOT NULL,
            valid_until date NOT NULL,
            withdrawn_at timestamptz,
            sealed bytea NOT NULL,
            file_id uuid,
            pdf_sha256 bytea NOT NULL UNIQUE,
            idempotency_key text COLLATE "C" NOT NULL UNIQUE)
        """
    )
    op.execute("CREATE INDEX licences_copies_licence_id_idx ON licences_copies (licence_id)")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE licences_copies")
