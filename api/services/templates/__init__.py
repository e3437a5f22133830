"""Templates: what there is to start from, and how a workflow is made of it (ADR 74)."""
