"""Credentials of HTTP servers of all kinds."""
