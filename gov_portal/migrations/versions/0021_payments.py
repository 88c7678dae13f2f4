"""Keep orders of the payment department, and where its books and ours disagree."""

from alembic import op

revision = "0021_payments"
down_revision = "0020_messages"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE payments_orders (
      id uuid NOT NULL,
      key text COLLATE "C" NOT NULL,
      case_id uuid NOT NULL,
      case_number text NOT NULL,
      step text NOT NULL,
      visit integer NOT NULL,
      amount_fen bigint NOT NULL,
      lines jsonb NOT NULL,
      state text NOT NULL,
      pay_url text NOT NULL DEFAULT '',
      placed_at timestamptz NOT NULL,
      asked_at timestamptz,
      paid_on date,
      failed_at timestamptz,
      refunded_fen bigint NOT NULL DEFAULT 0,
      refunded_on date,
      CONSTRAINT payments_orders_pkey PRIMARY KEY (id),
      CONSTRAINT payments_orders_key_key UNIQUE (key))""",
    "CREATE INDEX payments_orders_case_id_idx ON payments_orders (case_id)",
    "CREATE INDEX payments_orders_open_idx ON payments_orders (asked_at) WHERE state = 'placed'",
    "CREATE INDEX payments_orders_paid_on_idx ON payments_orders (paid_on)",
    "CREATE INDEX payments_orders_refunded_on_idx ON payments_orders (refunded_on)",
    """
    CREATE TABLE payments_days (
      day date NOT NULL,
      entries integer NOT NULL,
      compared_at timestamptz NOT NULL,
      CONSTRAINT payments_days_pkey PRIMARY KEY (day))""",
    """
    CREATE TABLE payments_differences (
      day date NOT NULL,
      order_id uuid NOT NULL,
      kind text NOT NULL,
      ours_fen bigint,
      theirs_fen bigint,
      found_at timestamptz NOT NULL,
      cleared_at timestamptz,
      CONSTRAINT payments_differences_pkey PRIMARY KEY (day, order_id, kind))""",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them; who paid is lost, so take a backup first."""
    for table in ("payments_differences", "payments_days", "payments_orders"):
        op.execute(f"DROP TABLE {table}")
