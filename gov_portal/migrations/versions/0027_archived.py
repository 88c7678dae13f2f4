"""Keep the ends of histories that are put away, and let a letter be known within its case."""

from alembic import op

revision = "0027_archived"
down_revision = "0026_lanes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of ends; lead the key of letters by the case, as everything that a case's database holds."""
    op.execute("""CREATE TABLE kernel_ledger_archived (stream text COLLATE "C" NOT NULL, seq bigint NOT NULL,
        hash bytea NOT NULL, part text NOT NULL, CONSTRAINT kernel_ledger_archived_pkey PRIMARY KEY (stream))""")
    _key("case_id, id")


def downgrade() -> None:
    """Forget the ends, whose histories stay in the archive, and leave the letter's own id alone."""
    _key("id")
    op.execute("DROP TABLE kernel_ledger_archived")


def _key(columns: str) -> None:
    op.execute(
        "ALTER TABLE workflows_letters DROP CONSTRAINT workflows_letters_pkey, "
        f"ADD CONSTRAINT workflows_letters_pkey PRIMARY KEY ({columns})"
    )
