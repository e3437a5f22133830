"""Classify: a model says which of several classes each item belongs to; each class is an output."""
