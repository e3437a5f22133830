"""Throttle: lets so many items of a key through in a period, counted over all executions of the workflow."""
