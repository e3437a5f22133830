"""Code in Python over the items."""
