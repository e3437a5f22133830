"""The control plane's data: Postgres behind row-level security, Redis keys, and the vault's encryption."""
