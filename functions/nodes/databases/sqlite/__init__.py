"""SQLite: statements in a database file, and rows from items."""
