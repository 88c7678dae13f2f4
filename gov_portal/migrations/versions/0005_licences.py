"""Create the tables of licences: licences, their versions, and the sequence of their serial numbers."""

from alembic import op

revision = "0005_licences"
down_revision = "0004_exchange"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SEQUENCE licences_serials",
    """
    CREATE TABLE licences_licences (
      id uuid NOT NULL,
      kind text NOT NULL,
      issuer_code text NOT NULL,
      issuer_name text NOT NULL,
      serial text NOT NULL,
      holder_id uuid NOT NULL,
      key_id uuid NOT NULL,
      case_id uuid NOT NULL,
      case_number text NOT NULL,
      idempotency_key text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      revoked_at timestamptz,
      revocation bytea,
      CONSTRAINT licences_licences_pkey PRIMARY KEY (id),
      CONSTRAINT licences_licences_serial_key UNIQUE (serial),
      CONSTRAINT licences_licences_idempotency_key_key UNIQUE (idempotency_key))""",
    "CREATE INDEX licences_licences_holder_id_idx ON licences_licences (holder_id)",
    "CREATE INDEX licences_licences_case_id_idx ON licences_licences (case_id)",
    """
    CREATE TABLE licences_versions (
      licence_id uuid NOT NULL,
      version integer NOT NULL,
      identifier text NOT NULL,
      verify_code text COLLATE "C" NOT NULL,
      issued_at timestamptz NOT NULL,
      issued_on date NOT NULL,
      valid_until date,
      superseded_at timestamptz,
      sealed bytea NOT NULL,
      file_id uuid NOT NULL,
      idempotency_key text COLLATE "C" NOT NULL,
      CONSTRAINT licences_versions_pkey PRIMARY KEY (licence_id, version),
      CONSTRAINT licences_versions_licence_id_fkey FOREIGN KEY (licence_id) REFERENCES licences_licences (id),
      CONSTRAINT licences_versions_identifier_key UNIQUE (identifier),
      CONSTRAINT licences_versions_verify_code_key UNIQUE (verify_code),
      CONSTRAINT licences_versions_idempotency_key_key UNIQUE (idempotency_key))""",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE licences_versions")
    op.execute("DROP TABLE licences_licences")
    op.execute("DROP SEQUENCE licences_serials")
