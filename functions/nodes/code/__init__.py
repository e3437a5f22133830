"""Nodes that run people's own code."""
