"""Airtable: records of its tables."""
