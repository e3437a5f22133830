"""Data table: rows with typed columns, which people see as a grid."""
