"""Key-value store: keeps values by key, from one execution to the next."""
