"""AWS: what happens in an account of the tenant's own. Nothing here has the platform's rights (ADR 34)."""
