"""Limit: keeps the first or the last items."""
