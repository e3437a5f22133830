"""Credentials of accounts with models."""
