"""Filter: keeps the items that meet conditions."""
