"""Google Docs: documents."""
