"""Summarize: sums, counts and the like over items, by group."""
