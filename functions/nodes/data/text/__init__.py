"""Text: splits, joins, replaces, extracts, changes case, encodes."""
