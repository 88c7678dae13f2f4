"""Keep the messages of departments' systems, and which steps wait for them."""

from alembic import op

revision = "0020_messages"
down_revision = "0019_bundles"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workflows_awaited (
      case_id uuid NOT NULL REFERENCES workflows_cases (id) ON DELETE CASCADE,
      step text NOT NULL,
      visit integer NOT NULL,
      key bytea NOT NULL,
      org text NOT NULL,
      message text NOT NULL,
      CONSTRAINT workflows_awaited_pkey PRIMARY KEY (case_id, step, visit, key))""",
    "CREATE INDEX workflows_awaited_key_idx ON workflows_awaited (org, message, key)",
    """
    CREATE TABLE workflows_messages (
      org text NOT NULL,
      id text NOT NULL,
      message text NOT NULL,
      key bytea NOT NULL,
      digest bytea NOT NULL,
      sealed bytea NOT NULL,
      received_at timestamptz NOT NULL,
      case_id uuid,
      taken_at timestamptz,
      CONSTRAINT workflows_messages_pkey PRIMARY KEY (org, id))""",
    "CREATE INDEX workflows_messages_early_idx ON workflows_messages (org, message, key) WHERE taken_at IS NULL",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them; messages that no case has taken are lost."""
    op.execute("DROP TABLE workflows_messages")
    op.execute("DROP TABLE workflows_awaited")
