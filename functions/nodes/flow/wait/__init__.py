"""Wait: goes on after a time, at a moment, or when somebody calls."""
