"""Runs what its port `try` leads to, and sends any failure in there one way."""
