"""Hold the revisions, one per room, in a line."""
