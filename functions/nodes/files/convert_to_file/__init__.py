"""Convert to file: a file of items."""
