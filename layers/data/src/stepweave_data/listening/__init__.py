"""Triggers with code at their providers: registrations as values, and what their node's function is asked."""
