"""Read RSS: the entries of a feed."""
