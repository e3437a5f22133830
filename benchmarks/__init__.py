"""Benchmarks: each compares two things in one run and gives JSON. They are not tests."""
