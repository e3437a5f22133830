"""Workflows in this process: the interpreter with the nodes' real behaviours. No AWS, no network, nothing is kept."""
