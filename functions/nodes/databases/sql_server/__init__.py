"""Microsoft SQL Server: statements, and rows from items."""
