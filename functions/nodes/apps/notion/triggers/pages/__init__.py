"""Pages of a database that are new or were changed."""
