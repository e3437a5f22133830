"""XML: to JSON and back."""
