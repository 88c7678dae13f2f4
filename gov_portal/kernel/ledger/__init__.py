"""Keep the one append-only log of case events, data calls and licence acts: chained, sealed, verifiable."""

from gov_portal.kernel.ledger.rows import GENESIS, INSERT_SQL, Entry, Fact, append, row_hash
from gov_portal.kernel.ledger.seals import Anchor, FileAnchor, FileSigner, Head, SealReport, Signer, seal
from gov_portal.kernel.ledger.verification import Finding, FindingKind, HeadSource, verify

__all__ = [
    "GENESIS",
    "INSERT_SQL",
    "Anchor",
    "Entry",
    "Fact",
    "FileAnchor",
    "FileSigner",
    "Finding",
    "FindingKind",
    "Head",
    "HeadSource",
    "SealReport",
    "Signer",
    "append",
    "row_hash",
    "seal",
    "verify",
]
