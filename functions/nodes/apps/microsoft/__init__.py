"""Microsoft 365: what Outlook, Excel and Teams share, and their nodes."""
