"""Show how programs use the portal; tests run everything here."""
