"""HTML: extracts by CSS selectors, builds pages and tables, makes text."""
