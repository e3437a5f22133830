"""The store: the only function that reads and writes a tenant's keys, tables and turns for nodes."""
