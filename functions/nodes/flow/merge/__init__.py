"""Merge: makes one list of two."""
