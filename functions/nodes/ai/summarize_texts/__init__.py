"""Summarize texts: a model says in short what each item's text, or all of them together, say."""
