"""The database: tables, sessions, queries, full-text search, migrations. Callers own the transaction."""
