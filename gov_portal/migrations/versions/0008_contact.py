"""Keep what was read, how each message goes out, and what people want to be told where."""

from alembic import op

revision = "0008_contact"
down_revision = "0007_desk"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE messaging_messages DROP COLUMN channel",
    "ALTER TABLE messaging_messages ADD COLUMN case_id uuid, ADD COLUMN read_at timestamptz",
    # What was told before anybody could mark it would stand there as new for ever.
    "UPDATE messaging_messages SET read_at = told_at",
    "CREATE INDEX messaging_messages_unread_idx ON messaging_messages (recipient_id) WHERE read_at IS NULL",
    """
    CREATE TABLE messaging_deliveries (
      id uuid NOT NULL,
      message_id uuid NOT NULL,
      channel text NOT NULL,
      status text NOT NULL,
      attempts smallint NOT NULL,
      reason text,
      created_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz,
      CONSTRAINT messaging_deliveries_pkey PRIMARY KEY (id),
      CONSTRAINT messaging_deliveries_message_id_channel_key UNIQUE (message_id, channel),
      CONSTRAINT messaging_deliveries_status_check CHECK (status IN ('waiting', 'sent', 'parked')),
      CONSTRAINT messaging_deliveries_message_id_fkey
        FOREIGN KEY (message_id) REFERENCES messaging_messages (id) ON DELETE CASCADE)""",
    "CREATE INDEX messaging_deliveries_open_idx ON messaging_deliveries (status, created_at) WHERE status <> 'sent'",
    """
    CREATE TABLE messaging_preferences (
      person_id uuid NOT NULL,
      language text NOT NULL,
      sms text[] NOT NULL,
      email text[] NOT NULL,
      quiet_from smallint,
      quiet_until smallint,
      changed_at timestamptz NOT NULL,
      CONSTRAINT messaging_preferences_pkey PRIMARY KEY (person_id),
      CONSTRAINT messaging_preferences_quiet_check CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)))""",
)

REVERSALS = (
    "DROP TABLE messaging_preferences",
    "DROP TABLE messaging_deliveries",
    "DROP INDEX messaging_messages_unread_idx",
    "ALTER TABLE messaging_messages DROP COLUMN case_id, DROP COLUMN read_at",
    "ALTER TABLE messaging_messages ADD COLUMN channel text NOT NULL DEFAULT 'sandbox'",
    "ALTER TABLE messaging_messages ALTER COLUMN channel DROP DEFAULT",
)


def upgrade() -> None:
    """Create tables, columns and indexes."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them back."""
    for statement in REVERSALS:
        op.execute(statement)
