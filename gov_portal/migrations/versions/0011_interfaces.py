"""Create what other systems need: keys of departments' systems, leases of tasks, stored answers, counted requests."""

from alembic import op

revision = "0011_interfaces"
down_revision = "0010_correspondence"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE identity_officers ADD COLUMN kind text NOT NULL DEFAULT 'person'
      CONSTRAINT identity_officers_kind_check CHECK (kind IN ('person', 'system'))""",
    """
    CREATE TABLE identity_system_keys (
      id uuid NOT NULL,
      officer_id uuid NOT NULL,
      org text NOT NULL,
      region text NOT NULL,
      label text NOT NULL,
      key_hash bytea NOT NULL,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      seen_at timestamptz,
      revoked_at timestamptz,
      CONSTRAINT identity_system_keys_pkey PRIMARY KEY (id),
      CONSTRAINT identity_system_keys_key_hash_key UNIQUE (key_hash),
      CONSTRAINT identity_system_keys_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES identity_officers (id))""",
    "CREATE INDEX identity_system_keys_officer_id_idx ON identity_system_keys (officer_id)",
    """
    CREATE TABLE workflows_leases (
      case_id uuid NOT NULL,
      task text NOT NULL,
      officer uuid NOT NULL,
      leased_until timestamptz NOT NULL,
      not_before timestamptz NOT NULL,
      failures smallint NOT NULL,
      reason bytea,
      failed_at timestamptz,
      raised_at timestamptz,
      CONSTRAINT workflows_leases_pkey PRIMARY KEY (case_id, task),
      CONSTRAINT workflows_leases_case_id_fkey
        FOREIGN KEY (case_id) REFERENCES workflows_cases (id) ON DELETE CASCADE)""",
    """
    CREATE TABLE kernel_answers (
      owner bytea NOT NULL,
      fingerprint bytea NOT NULL,
      key_id uuid,
      sealed bytea,
      begun_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT kernel_answers_pkey PRIMARY KEY (owner))""",
    "CREATE INDEX kernel_answers_begun_at_idx ON kernel_answers (begun_at)",
    """
    CREATE UNLOGGED TABLE kernel_rates (
      bucket bytea NOT NULL,
      full_at timestamptz NOT NULL,
      CONSTRAINT kernel_rates_pkey PRIMARY KEY (bucket))
    WITH (fillfactor = 50)""",
)

REVERSALS = (
    "DROP TABLE kernel_rates",
    "DROP TABLE kernel_answers",
    "DROP TABLE workflows_leases",
    "DROP TABLE identity_system_keys",
    "ALTER TABLE identity_officers DROP COLUMN kind",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for statement in REVERSALS:
        op.execute(statement)
