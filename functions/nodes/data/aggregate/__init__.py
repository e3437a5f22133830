"""Aggregate: makes one item of many."""
