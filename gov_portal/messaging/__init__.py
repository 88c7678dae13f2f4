"""Tell people things: one-time codes and notices about their cases, sealed where they are kept."""
