"""Hold what at least two core packages need; nothing here knows a department or an item."""
