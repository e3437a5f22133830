"""What executions came to: figures over time, read from rollups (ADR 68)."""
