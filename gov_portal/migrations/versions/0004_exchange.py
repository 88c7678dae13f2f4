"""Create the tables of exchange."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0004_exchange"
down_revision = "0003_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "exchange_systems",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "exchange_resources",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("system_id", sa.Text, sa.ForeignKey("exchange_systems.id"), nullable=False),
        sa.Column("description", JSONB, nullable=False),
    )
    op.create_table(
        "exchange_grants",
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("resource_id", sa.Text, sa.ForeignKey("exchange_resources.id"), primary_key=True),
        sa.Column("fields", ARRAY(sa.Text), nullable=False),
        sa.Column("purposes", ARRAY(sa.Text), nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("is_active", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("exchange_grants", "exchange_resources", "exchange_systems"):
        op.drop_table(table)
