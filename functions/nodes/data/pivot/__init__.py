"""Pivot: makes columns of rows, or rows of columns."""
