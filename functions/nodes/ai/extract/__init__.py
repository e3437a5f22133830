"""Extract: a model reads fields out of each item's text."""
