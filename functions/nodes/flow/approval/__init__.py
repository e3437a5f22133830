"""Approval: waits until people say yes or no."""
