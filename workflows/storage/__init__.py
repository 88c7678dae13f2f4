"""Read, lock and write cases in PostgreSQL by psycopg: one read under the lock, one statement with every write."""
