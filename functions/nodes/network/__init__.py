"""Nodes that call servers over the network: HTTP, SSH."""
