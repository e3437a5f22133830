"""Form ending: says what the visitor of a form sees in the end."""
