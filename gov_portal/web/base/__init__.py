"""Hold what every front shares: layout, components, access, CSRF, errors."""
