"""Answer those who run the platform: is it ready, and what do the figures say."""
