"""Triggers of GitHub."""
