"""Node specs as values: what a node type is, how its parameters look, and the catalogue of all of them. Pure data."""
