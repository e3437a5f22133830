"""Use cases. They know Postgres, Redis and the ports, and nothing of HTTP."""
