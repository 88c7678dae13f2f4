"""Hold people, officers, assurance, sessions and delegation."""
