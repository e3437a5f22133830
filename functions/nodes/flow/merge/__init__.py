"""Merge: makes one list of several."""
