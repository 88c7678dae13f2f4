"""Give every version of a licence its place in the status lists and the hash of its PDF; remember presentations."""

from alembic import op

revision = "0006_seals"
down_revision = "0005_licences"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SEQUENCE licences_status_indexes MINVALUE 0 START 0",
    "ALTER TABLE licences_versions ADD COLUMN status_index integer",
    "ALTER TABLE licences_versions ADD COLUMN pdf_sha256 bytea",
    """
    UPDATE licences_versions SET status_index = nextval('licences_status_indexes'),
      pdf_sha256 = COALESCE((SELECT sha256 FROM kernel_files WHERE id = file_id), uuid_send(file_id))""",
    "ALTER TABLE licences_versions ALTER COLUMN status_index SET NOT NULL",
    "ALTER TABLE licences_versions ALTER COLUMN pdf_sha256 SET NOT NULL",
    "ALTER TABLE licences_versions ADD CONSTRAINT licences_versions_status_index_key UNIQUE (status_index)",
    "ALTER TABLE licences_versions ADD CONSTRAINT licences_versions_pdf_sha256_key UNIQUE (pdf_sha256)",
    """
    CREATE TABLE licences_presentations (
      nonce bytea NOT NULL,
      licence_id uuid NOT NULL,
      version integer NOT NULL,
      checked_at timestamptz NOT NULL,
      CONSTRAINT licences_presentations_pkey PRIMARY KEY (nonce),
      CONSTRAINT licences_presentations_licence_id_fkey FOREIGN KEY (licence_id) REFERENCES licences_licences (id))""",
    "CREATE INDEX licences_presentations_licence_id_idx ON licences_presentations (licence_id)",
)


def upgrade() -> None:
    """Add the columns, filled from what is there, and the table."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE licences_presentations")
    op.execute("ALTER TABLE licences_versions DROP COLUMN pdf_sha256, DROP COLUMN status_index")
    op.execute("DROP SEQUENCE licences_status_indexes")
