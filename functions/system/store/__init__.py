"""The store: the only function that reads and writes a tenant's keys and tables for nodes."""
