"""Nodes that send messages to people."""
