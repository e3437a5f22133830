"""Split out: makes an item of each entry of a list."""
