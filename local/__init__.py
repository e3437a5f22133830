"""Everything on one machine: the embedded stack, its seed and the `stepweave` command.

Import-free on purpose: parts of it run in environments of their own.
"""
