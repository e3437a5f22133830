"""The embed node."""
