"""Rename keys: gives fields other names."""
