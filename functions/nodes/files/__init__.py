"""Nodes that read, make and keep files."""
