"""Validate: parts items that fit a JSON schema from those that do not."""
