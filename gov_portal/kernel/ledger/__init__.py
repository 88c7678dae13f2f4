"""Keep the one append-only log of case events, data calls and licence acts: chained, sealed, verifiable."""

from gov_portal.kernel.ledger.rows import GENESIS, INSERT_SQL, Entry, append, row_hash

__all__ = ["GENESIS", "INSERT_SQL", "Entry", "append", "row_hash"]
