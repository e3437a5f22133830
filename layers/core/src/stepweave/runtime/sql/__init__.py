"""What nodes for SQL databases share: statements with bound values, transactions, batches, limits, values both ways.

A node brings a `Session` (its driver) and a `Dialect` (how its database writes things); `run` does the rest.
"""
