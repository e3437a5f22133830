"""Credentials of servers that keep files."""
