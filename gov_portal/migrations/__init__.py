"""Hold the one Alembic history of every table; ``gov_portal.kernel.schema`` runs it."""
