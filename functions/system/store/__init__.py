"""The store: the only function that reads and writes a tenant's keys, tables, turns, talks and spending for nodes."""
