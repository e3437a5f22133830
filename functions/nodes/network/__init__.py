"""Nodes that call servers over HTTP."""
