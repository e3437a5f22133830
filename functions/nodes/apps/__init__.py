"""Nodes that talk to one provider."""
