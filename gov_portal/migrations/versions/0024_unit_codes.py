"""Keep the credit codes of units, under which their cases are reported."""

from alembic import op

revision = "0024_unit_codes"
down_revision = "0023_parties"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give units a code; an empty one is filled in by ``gov identity unit-code``."""
    op.execute("ALTER TABLE identity_units ADD COLUMN credit_code text NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Forget the codes."""
    op.execute("ALTER TABLE identity_units DROP COLUMN credit_code")
