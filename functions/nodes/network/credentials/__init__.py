"""Credentials of servers of all kinds."""
