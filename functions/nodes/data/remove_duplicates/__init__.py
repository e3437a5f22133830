"""Remove duplicates: keeps one of the items that are the same."""
