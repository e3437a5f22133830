"""MySQL and MariaDB: statements, and rows from items."""
