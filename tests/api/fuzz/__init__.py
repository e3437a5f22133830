"""Requests that nobody would write, to every operation of the API, as each role."""
