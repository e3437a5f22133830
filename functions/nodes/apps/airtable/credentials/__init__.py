"""The credential types of Airtable."""
