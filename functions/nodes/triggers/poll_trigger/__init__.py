"""New items at a URL: a list is asked for again and again, and each new entry starts the workflow."""
