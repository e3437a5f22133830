"""Stepweave core: the words every other part uses. Light enough for every node function to carry."""
