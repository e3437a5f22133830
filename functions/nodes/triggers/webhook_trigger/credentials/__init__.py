"""Credentials of who calls a webhook."""
