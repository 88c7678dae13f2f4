"""Let departments share data (数据共享): each call has a basis, is decided in one order, and is in the ledger."""
