"""Create what other systems and operators need: keys, leases, stored answers, counts, webhooks, heartbeats."""

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
    """
    CREATE TABLE kernel_ledger_cursors (
      name text NOT NULL,
      xact bigint NOT NULL,
      CONSTRAINT kernel_ledger_cursors_pkey PRIMARY KEY (name))""",
    # Who follows the ledger tells of what happens from now on.
    """
    INSERT INTO kernel_ledger_cursors (name, xact)
    VALUES ('chronicle', pg_snapshot_xmax(pg_current_snapshot())::text::bigint)""",
    # What follows the ledger every other second must not read whatever no vacuum has summarised yet.
    "ALTER INDEX kernel_ledger_default_xact_idx SET (autosummarize = on)",
    """
    CREATE TABLE kernel_heartbeats (
      name text NOT NULL,
      kind text NOT NULL,
      started_at timestamptz NOT NULL,
      beat_at timestamptz NOT NULL,
      figures jsonb NOT NULL,
      CONSTRAINT kernel_heartbeats_pkey PRIMARY KEY (name))
    WITH (fillfactor = 50)""",
    """
    CREATE TABLE workflows_counts (
      item text NOT NULL,
      what text NOT NULL,
      count bigint NOT NULL,
      CONSTRAINT workflows_counts_pkey PRIMARY KEY (item, what))
    WITH (fillfactor = 50)""",
    """
    CREATE TABLE messaging_webhooks (
      id uuid NOT NULL,
      org text NOT NULL,
      region text NOT NULL,
      url text NOT NULL,
      events text[] NOT NULL,
      label text NOT NULL,
      sealed bytea NOT NULL,
      previous bytea,
      previous_until timestamptz,
      disabled_at timestamptz,
      disabled_because text,
      failing_since timestamptz,
      created_by uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT messaging_webhooks_pkey PRIMARY KEY (id))""",
    "CREATE INDEX messaging_webhooks_unit_idx ON messaging_webhooks (org, region)",
    """
    CREATE TABLE messaging_webhook_deliveries (
      id uuid NOT NULL,
      number bigint GENERATED ALWAYS AS IDENTITY,
      webhook_id uuid NOT NULL,
      event text NOT NULL,
      data jsonb NOT NULL,
      happened_at timestamptz NOT NULL,
      status text NOT NULL,
      attempts smallint NOT NULL DEFAULT 0,
      answer smallint,
      reason text,
      created_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz,
      CONSTRAINT messaging_webhook_deliveries_pkey PRIMARY KEY (id),
      CONSTRAINT messaging_webhook_deliveries_number_key UNIQUE (number),
      CONSTRAINT messaging_webhook_deliveries_status_check CHECK (status IN ('waiting', 'delivered', 'dead')),
      CONSTRAINT messaging_webhook_deliveries_webhook_id_fkey
        FOREIGN KEY (webhook_id) REFERENCES messaging_webhooks (id) ON DELETE CASCADE)""",
    "CREATE INDEX messaging_webhook_deliveries_webhook_id_idx ON messaging_webhook_deliveries (webhook_id, number)",
    "CREATE INDEX messaging_webhook_deliveries_created_at_idx ON messaging_webhook_deliveries (created_at)",
)

REVERSALS = (
    "DROP TABLE messaging_webhook_deliveries",
    "DROP TABLE messaging_webhooks",
    "DROP TABLE workflows_counts",
    "DROP TABLE kernel_heartbeats",
    "ALTER INDEX kernel_ledger_default_xact_idx RESET (autosummarize)",
    "DROP TABLE kernel_ledger_cursors",
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
