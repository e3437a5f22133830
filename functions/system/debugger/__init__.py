"""The debugger: says of each node of a debug run whether it stops, and lets it go where it does not."""
