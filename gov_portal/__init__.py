"""Hold the government portal: fronts, exchange, licences, documents and the shared kernel."""
