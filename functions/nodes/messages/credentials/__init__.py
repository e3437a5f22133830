"""Credentials of servers that carry messages."""
