"""Create the tables of the kernel: keys, outbox, ledger with heads and seals, files, the sandbox's clock."""

from alembic import op

revision = "0001_kernel"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE kernel_keys (
      id uuid NOT NULL,
      wrapped bytea,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT kernel_keys_pkey PRIMARY KEY (id))""",
    """
    CREATE TABLE kernel_outbox (
      id bigint GENERATED ALWAYS AS IDENTITY,
      topic text NOT NULL,
      key text COLLATE "C" NOT NULL,
      payload jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      available_at timestamptz NOT NULL DEFAULT now(),
      nudge_at timestamptz NOT NULL DEFAULT now(),
      claimed_until timestamptz,
      attempts integer NOT NULL DEFAULT 0,
      last_error text,
      CONSTRAINT kernel_outbox_pkey PRIMARY KEY (id),
      CONSTRAINT kernel_outbox_key_key UNIQUE (key))
    WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)""",
    "CREATE INDEX kernel_outbox_nudge_at_idx ON kernel_outbox (nudge_at)",
    """
    CREATE TABLE kernel_ledger (
      stream text COLLATE "C" NOT NULL,
      seq bigint NOT NULL,
      opened_on date NOT NULL,
      kind text NOT NULL,
      at timestamptz NOT NULL,
      actor text NOT NULL,
      body bytea NOT NULL,
      prev bytea NOT NULL,
      hash bytea NOT NULL,
      xact bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
      CONSTRAINT kernel_ledger_pkey PRIMARY KEY (stream, seq, opened_on))
    PARTITION BY RANGE (opened_on)""",
    "CREATE INDEX kernel_ledger_xact_idx ON kernel_ledger USING brin (xact) WITH (pages_per_range = 16)",
    "CREATE TABLE kernel_ledger_default PARTITION OF kernel_ledger DEFAULT",
    """
    CREATE TABLE kernel_ledger_heads (
      stream text COLLATE "C" NOT NULL,
      seq bigint NOT NULL,
      hash bytea NOT NULL,
      opened_on date NOT NULL,
      CONSTRAINT kernel_ledger_heads_pkey PRIMARY KEY (stream))
    WITH (fillfactor = 70)""",
    """
    CREATE TABLE kernel_ledger_seals (
      number bigint NOT NULL,
      at timestamptz NOT NULL,
      until_xact bigint NOT NULL,
      streams text[] COLLATE "C" NOT NULL,
      seqs bigint[] NOT NULL,
      hashes bytea[] NOT NULL,
      root bytea NOT NULL,
      prev bytea NOT NULL,
      hash bytea NOT NULL,
      signature bytea NOT NULL,
      CONSTRAINT kernel_ledger_seals_pkey PRIMARY KEY (number))""",
    """
    CREATE TABLE kernel_files (
      id uuid NOT NULL,
      key_id uuid NOT NULL,
      owner text COLLATE "C" NOT NULL,
      media_type text NOT NULL,
      size bigint NOT NULL,
      sha256 bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT kernel_files_pkey PRIMARY KEY (id))""",
    "CREATE INDEX kernel_files_owner_idx ON kernel_files (owner)",
    """
    CREATE TABLE kernel_clock (
      id boolean NOT NULL DEFAULT true,
      now_at timestamptz NOT NULL,
      CONSTRAINT kernel_clock_pkey PRIMARY KEY (id),
      CONSTRAINT kernel_clock_single_check CHECK (id))""",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("clock", "files", "ledger_seals", "ledger_heads", "ledger", "outbox", "keys"):
        op.execute(f"DROP TABLE kernel_{table}")
