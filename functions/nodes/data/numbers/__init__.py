"""Numbers: rounds, calculates, writes and reads numbers."""
