"""Passwords: which ones are taken (`check`), and how they are kept (`hashing`)."""
