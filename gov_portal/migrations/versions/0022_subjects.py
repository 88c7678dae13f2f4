"""Let a case be about a licence, and keep what was offered to whom."""

from alembic import op

revision = "0022_subjects"
down_revision = "0021_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.execute("ALTER TABLE workflows_cases ADD COLUMN about uuid")
    op.execute("ALTER TABLE workflows_cases ADD COLUMN is_sole boolean NOT NULL DEFAULT false")
    op.execute(
        "CREATE UNIQUE INDEX workflows_cases_one_about ON workflows_cases (about)"
        " WHERE is_sole AND status NOT IN ('closed', 'discarded')"
    )
    op.execute(
        """
        CREATE TABLE workflows_offers (
            id uuid PRIMARY KEY,
            item text NOT NULL,
            person uuid NOT NULL,
            occasion text NOT NULL,
            reason text NOT NULL,
            state text NOT NULL,
            about uuid,
            case_id uuid,
            made_at timestamptz NOT NULL,
            settled_at timestamptz,
            UNIQUE (item, person, occasion))
        """
    )
    op.execute("CREATE INDEX workflows_offers_person ON workflows_offers (person) WHERE state = 'open'")
    op.execute(
        """
        CREATE TABLE workflows_surveys (
            item text NOT NULL,
            person uuid NOT NULL,
            asked_on date NOT NULL,
            PRIMARY KEY (item, person))
        """
    )


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE workflows_surveys")
    op.execute("DROP TABLE workflows_offers")
    op.execute("ALTER TABLE workflows_cases DROP COLUMN is_sole")
    op.execute("ALTER TABLE workflows_cases DROP COLUMN about")
