"""Nodes that read and write databases."""
