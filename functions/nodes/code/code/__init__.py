"""Code: JavaScript over the items."""
