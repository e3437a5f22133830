"""Nodes that call AWS, one folder each."""
