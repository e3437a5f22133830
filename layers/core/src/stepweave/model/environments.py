"""The environment that every workspace has (ADR 65)."""

from typing import Final

PRODUCTION: Final = "production"
"""Its key. What does not say where it is, is here: addresses without a prefix, executions without `environment`."""
