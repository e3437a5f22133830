"""Nodes that decide which way items go, repeat, wait and stop."""
