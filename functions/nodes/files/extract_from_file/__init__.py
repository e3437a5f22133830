"""Extract from file: rows, data or text of a file."""
