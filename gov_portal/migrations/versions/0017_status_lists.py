"""Keep the signed lists of revoked and superseded licences, and find what stands in them quickly."""

from alembic import op

revision = "0017_status_lists"
down_revision = "0016_licence_copies"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE licences_status_lists (
      number integer NOT NULL,
      token text NOT NULL,
      built_at timestamptz NOT NULL,
      CONSTRAINT licences_status_lists_pkey PRIMARY KEY (number))""",
    "CREATE INDEX licences_licences_revoked_idx ON licences_licences (id) WHERE revoked_at IS NOT NULL",
    "CREATE INDEX licences_versions_superseded_idx ON licences_versions (status_index) WHERE superseded_at IS NOT NULL",
)


def upgrade() -> None:
    """Create the table and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them; the lists are built anew from the licences at any time."""
    op.execute("DROP INDEX licences_versions_superseded_idx")
    op.execute("DROP INDEX licences_licences_revoked_idx")
    op.execute("DROP TABLE licences_status_lists")
