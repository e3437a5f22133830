"""Records that are new or were changed."""
