"""Build every service with its adapters; the only place that knows all core packages."""
