"""The nodes of Microsoft 365, one folder each."""
