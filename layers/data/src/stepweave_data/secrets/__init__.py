"""Secrets that lie in a store of the tenant's: what fields refer to, and how a store is asked (ADR 60, 64)."""
